import { expect, test } from 'vitest';
import { newPublishForm, publicationOf, publishProblems, sayableBy } from './publish-form.js';

const form = { ...newPublishForm, topic: 'a/b', qos: 2, contentType: 'text/plain', userProperties: 'unit=°C' } as const;

test('what the protocol cannot say is not sent, and so not in the log', () => {
  expect(publicationOf(sayableBy('mqtt5', form), 1)).toMatchObject({
    qos: 2,
    properties: { contentType: 'text/plain', userProperties: [['unit', '°C']] },
  });
  expect(publicationOf(sayableBy('mqtt311', form), 1)).toMatchObject({ qos: 2, properties: {} });
  expect(publicationOf(sayableBy('json', form), 1)).toMatchObject({ qos: 1, properties: {} });
});

test('a response topic with a wildcard, which would end the connection, is told before it is sent', () => {
  expect(publishProblems({ ...form, responseTopic: 'answers/+' }).responseTopic).not.toBeNull();
  expect(publishProblems({ ...form, responseTopic: 'answers/me' }).responseTopic).toBeNull();
});
