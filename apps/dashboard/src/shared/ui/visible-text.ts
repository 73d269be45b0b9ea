/**
 * What nobody sees, or what turns the text around it: controls, marks of the direction, and what has no width. Joiners count
 * only beside ASCII: elsewhere words and emoji need them.
 */
const hidden = /(?![\t\n\r])\p{Cc}|[\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}|(?<![^\0-\x7f])[\u200c\u200d]/u;

const pieces = new RegExp(`(${hidden.source})`, 'u');

/** The text with every character that cannot be seen written out, as in `pump\u202egpj`; line ends and tabs stay. */
export function visibleText(text: string): string {
  return hidden.test(text) ? piecesOf(text).map(visiblePiece).join('') : text;
}

/** The text cut at what cannot be seen: every second piece is one such character. */
export function piecesOf(text: string): string[] {
  return hidden.test(text) ? text.split(pieces) : [text];
}

/** One such character as it is written in JSON. */
export function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

function visiblePiece(piece: string, index: number): string {
  return index % 2 === 1 ? escapeOf(piece) : piece;
}
