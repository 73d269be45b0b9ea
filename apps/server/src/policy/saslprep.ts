const NON_ASCII_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** RFC 3454 B.1: commonly mapped to nothing. */
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
/** RFC 3454 C.2.1 to C.9: controls, private use, no characters, surrogates, tags, and what changes how text is shown. */
const PROHIBITED =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u0340\u0341\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;
/** RFC 3454 D.1: written from right to left. */
const RIGHT_TO_LEFT =
  /[\u05be\u05c0\u05c3\u05d0-\u05ea\u05f0-\u05f4\u061b\u061f\u0621-\u063a\u0640-\u064a\u066d-\u066f\u0671-\u06d5\u06dd\u06e5\u06e6\u06fa-\u06fe\u0700-\u070d\u0710\u0712-\u072c\u0780-\u07a5\u07b1\ufb1d\ufb1f-\ufb28\ufb2a-\ufb36\ufb38-\ufb3c\ufb3e\ufb40\ufb41\ufb43\ufb44\ufb46-\ufbb1\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfc\ufe70-\ufe74\ufe76-\ufefc]/u;
const LETTER = /\p{L}/u;

/**
 * Prepares a name or a password as SASL compares it (RFC 4013, as a query: code points without a meaning pass);
 * null when it holds what must not be there.
 */
export function saslPrep(text: string): string | null {
  // Nearly all names and passwords: nothing to do.
  if (/^[ -~]*$/.test(text)) return text;
  const prepared = text.replace(NON_ASCII_SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  return PROHIBITED.test(prepared) || hasMixedDirections(prepared) ? null : prepared;
}

/** RFC 3454 section 6: text from right to left begins and ends so, and holds no letter of the other direction. */
function hasMixedDirections(text: string): boolean {
  const characters = [...text];
  if (!characters.some((character) => RIGHT_TO_LEFT.test(character))) return false;
  if (!RIGHT_TO_LEFT.test(characters.at(0) ?? '') || !RIGHT_TO_LEFT.test(characters.at(-1) ?? '')) return true;
  return characters.some((character) => LETTER.test(character) && !RIGHT_TO_LEFT.test(character));
}
