import fc from 'fast-check';

const code = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));

/** Texts of any characters, without halves of surrogate pairs. What fast-check has for that takes a second to begin with. */
export function wildText({
  minLength = 0,
  maxLength,
}: {
  minLength?: number;
  maxLength: number;
}): fc.Arbitrary<string> {
  return fc.array(code, { minLength, maxLength }).map((codes) => String.fromCodePoint(...codes));
}
