import { expect, test } from 'vitest';
import { propertiesFromJson, propertiesToJson, type StoredProperties } from './retained-row.js';

test('properties come back as they were, user properties in their order and as often as they were given', () => {
  const properties = {
    payloadFormatIndicator: false,
    contentType: '',
    correlationData: Buffer.from([0, 255]),
    userProperties: [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
      ['__proto__', ''],
    ],
  } as const;
  expect(propertiesFromJson(JSON.parse(propertiesToJson(properties)!) as StoredProperties)).toEqual(properties);
});

test('user properties of rows that were stored as an object are read, too', () => {
  expect(propertiesFromJson({ userProperties: { one: 'a', many: ['b', 'c'] } })).toEqual({
    userProperties: [
      ['one', 'a'],
      ['many', 'b'],
      ['many', 'c'],
    ],
  });
});

test('no properties stay none', () => {
  expect(propertiesToJson(null)).toBeNull();
  expect(propertiesFromJson(null)).toBeNull();
});
