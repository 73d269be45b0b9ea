import { expect, test } from 'vitest';
import { choiceParam, parseSearch, stringifySearch, textParam } from './search.js';

test('what is typed into the address stays text, and comes back the same', () => {
  const search = { username: '007', q: 'true & "x"=#', filter: 'a/+/#' };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

test('empty parameters leave the address, unknown choices are ignored', () => {
  expect(stringifySearch({ q: '', state: undefined })).toBe('');
  expect(textParam({ q: '' }, 'q')).toBeUndefined();
  expect(choiceParam({ state: 'on' }, 'state', ['online', 'offline'])).toBeUndefined();
});
