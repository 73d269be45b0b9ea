/** The text as a LIKE pattern that matches only itself: Prisma passes `%` and `_` on as wildcards. */
export function likeLiteral(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
