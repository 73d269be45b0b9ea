/**
 * The reader's locale as Intl takes it. Some systems (`LANG=C`) give their browser a default that Intl itself refuses;
 * English is right there, and a page that fails over a number format is not.
 */
export const locale: string | undefined = [undefined, ...navigator.languages, 'en'].find(isUsable);

function isUsable(candidate: string | undefined): boolean {
  try {
    new Intl.NumberFormat(candidate);
    return true;
  } catch {
    return false;
  }
}
