import { expect, test } from 'vitest';
import { passwordStrength } from './password-strength.js';

test('repetition, sequences and well-known words do not make a password strong', () => {
  expect(passwordStrength('aaaaaaaaaaaaaaaa')).toBe('weak');
  expect(passwordStrength('abcdefghijklmnop')).toBe('weak');
  expect(passwordStrength('Password123456')).toBe('weak');
  expect(passwordStrength('admin-perch-mqtt')).toBe('weak');
});

test('length and variety do', () => {
  expect(passwordStrength('table glove')).toBe('fair');
  expect(passwordStrength('kV9!rTq2#zLm7wXe')).toBe('strong');
  expect(passwordStrength('thirsty cloud paints seven bridges')).toBe('strong');
});
