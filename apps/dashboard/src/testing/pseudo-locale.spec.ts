import { expect, test } from 'vitest';
import { inPseudoLocale } from './pseudo-locale.js';

test('words get accents and brackets and are longer; topics, keys and signs stay', () => {
  const catalogue = `export const texts: Record<string, string> = {
    save: 'Save',
    'a-key': 'Kick…',
    quoted: 'It’s "here": now',
    example: 'plant/+/state',
    sign: '-',
  } as const satisfies Texts;`;
  expect(inPseudoLocale(catalogue)).toBe(`export const texts: Record<string, string> = {
    save: "[Šåṽé··]",
    'a-key': "[Ķîçķ··…]",
    quoted: "[Îţ·’š \\"ĥéŕé··\\": ñöŵ·]",
    example: 'plant/+/state',
    sign: '-',
  } as const satisfies Texts;`);
});

test('what is put into a text, compared, looked up or imported stays as it is', () => {
  const catalogue = [
    "import { formatCounted } from './format.js';",
    'export const moved = (from: string) => `Rule ${from} moved \\`here\\`\\n`;',
    "export const clients = (count: string) => `${count} ${count === 'one' ? 'client' : 'clients'}`;",
    'export const rate = (rate: string) => `${rate}/s`;',
    "export const counted = (count: number) => formatCounted(count, 'rule', names['many']);",
  ];
  expect(inPseudoLocale(catalogue.join('\n')).split('\n')).toEqual([
    catalogue[0],
    'export const moved = (from: string) => `[Ŕûļé·· ${from} ɱöṽéđ·· \\`ĥéŕé··\\`',
    ']`;',
    'export const clients = (count: string) => `${count} ${count === \'one\' ? "[çļîéñţ··]" : "[çļîéñţš···]"}`;',
    catalogue[3],
    'export const counted = (count: number) => formatCounted(count, "[ŕûļé··]", names[\'many\']);',
  ]);
});
