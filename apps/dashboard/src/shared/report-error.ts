/** Where an error goes that nobody waits for: the browser's console, never nowhere. */
export function reportError(error: unknown): void {
  console.error(error);
}
