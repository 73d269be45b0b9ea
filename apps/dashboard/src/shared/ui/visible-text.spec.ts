import { expect, test } from 'vitest';
import { visibleText } from './visible-text.js';

test('what nobody could see, or what turns the text around it, is written out', () => {
  expect(visibleText('pump\u202egpj.exe')).toBe('pump\\u202egpj.exe');
  expect(visibleText('a\0b\u001b[31mc\u007f\u0085')).toBe('a\\u0000b\\u001b[31mc\\u007f\\u0085');
  expect(visibleText('dev\u200b-1\u2066\ufeff\u2028')).toBe('dev\\u200b-1\\u2066\\ufeff\\u2028');
  expect(visibleText('dev\u200d-1')).toBe('dev\\u200d-1');
  expect(visibleText('tag\u{e0041}')).toBe('tag\\u{e0041}');
});

test('what can be seen stays as it is: line ends, other scripts, and joiners that words and emoji need', () => {
  for (const text of ['plant/+/state', 'a\tb\r\nc', 'عربى', 'می\u200cخواهم', '👩\u200d🔧', 'é', '']) {
    expect(visibleText(text)).toBe(text);
  }
});
