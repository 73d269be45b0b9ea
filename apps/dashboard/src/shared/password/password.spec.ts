import { expect, test } from 'vitest';
import { generatePassword } from './generate-password.js';
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

test('generated passwords are strong, readable and never the same', () => {
  const passwords = new Set(Array.from({ length: 50 }, () => generatePassword()));
  expect(passwords.size).toBe(50);
  for (const password of passwords) {
    expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{20}$/);
    expect(passwordStrength(password)).toBe('strong');
  }
});
