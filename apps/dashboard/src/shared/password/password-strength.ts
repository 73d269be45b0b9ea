/** How hard a password is to guess, in four steps. */
export type Strength = 'weak' | 'fair' | 'good' | 'strong';

const commonParts =
  /password|passwort|qwert|azerty|letmein|welcome|admin|perch|mqtt|broker|secret|iloveyou|dragon|monkey|abc|123/gi;

/** Guesses how hard a password is to guess; repeated and consecutive characters and well-known words count little. */
export function passwordStrength(password: string): Strength {
  const bits = effectiveLength(password.replace(commonParts, '*')) * bitsPerCharacter(password);
  if (bits < 40) return 'weak';
  if (bits < 60) return 'fair';
  return bits < 80 ? 'good' : 'strong';
}

function effectiveLength(password: string): number {
  const codes = Array.from(password, (character) => character.codePointAt(0) ?? 0);
  return codes.filter((code, index) => index === 0 || Math.abs(code - (codes[index - 1] ?? 0)) > 1).length;
}

function bitsPerCharacter(password: string): number {
  let alphabet = 0;
  if (/[a-z]/.test(password)) alphabet += 26;
  if (/[A-Z]/.test(password)) alphabet += 26;
  if (/\d/.test(password)) alphabet += 10;
  if (/[^a-zA-Z\d]/.test(password)) alphabet += 33;
  return Math.log2(Math.max(alphabet, 1));
}
