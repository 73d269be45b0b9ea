import { describe, expect, test } from 'vitest';
import { allow } from '../support/operator-api.js';
import { examplesIn, runExample } from '../support/run-examples.js';
import { useServer } from '../support/use-server.js';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', 'joy-password-1');
  await admin.createUser('ann', 'ann-password-1');
  await admin.setRules([allow('joy', 'pubsub', 'plant/#'), allow('joy', 'sub', '$SYS/#')]);
});

describe('the examples of embedding print what their page says', () => {
  const examples = examplesIn('docs/embedding.md');

  test('there are some', () => expect(examples).toHaveLength(4));

  test.each(examples)('$name', async ({ code, output }) => {
    expect(await runExample(code)).toBe(output);
  });
});

describe('the examples of the client library print what its README says', () => {
  const examples = examplesIn('libs/client/README.md');

  test('there are some', () => expect(examples).toHaveLength(3));

  test.each(examples)('$name', async ({ code, output }) => {
    expect(await runExample(code.replaceAll('ws://127.0.0.1:8080/ws', perch.server.jsonUrl))).toBe(output);
  });
});
