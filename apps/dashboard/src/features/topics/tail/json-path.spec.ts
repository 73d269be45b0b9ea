import { expect, test } from 'vitest';
import { jsonPath, valueAt } from './json-path.js';

const document = { temp: 21, readings: [{ value: 1 }, { value: 2 }], 'odd name': { x: null }, '0': 'zero' };

test.each([
  ['temp', 21],
  ['$.temp', 21],
  ['readings[1].value', 2],
  ['readings.0.value', 1],
  ['["odd name"].x', null],
  ['odd name.x', null],
  ['$', document],
  ['missing.deep', undefined],
  ['temp.toString', undefined],
  ['constructor', undefined],
])('%s', (text, value) => {
  expect(valueAt(document, jsonPath(text) ?? ['not a path'])).toEqual(value);
});

test.each(['a..b', 'a[', '[x]', 'a.'])('%s is no path', (text) => {
  expect(jsonPath(text)).toBeNull();
});
