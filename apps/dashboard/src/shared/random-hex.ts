/** So many random bytes in hex. Not `crypto.randomUUID`, which a page that came over plain HTTP from another machine does not have. */
export function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}
