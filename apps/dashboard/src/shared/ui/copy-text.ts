/**
 * Puts a text on the clipboard. A page that came over plain HTTP from another machine has no clipboard of its own: there
 * what the user asked for is copied as a selection is. Rejects when the browser does not let it.
 */
export async function copyText(text: string): Promise<void> {
  // Undefined, whatever the types say.
  // eslint-disable-next-line no-restricted-properties -- the one place that knows what to do without
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard) return clipboard.writeText(text);
  const give = (event: ClipboardEvent) => {
    event.stopImmediatePropagation();
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
  };
  document.addEventListener('copy', give, { capture: true });
  try {
    // Deprecated, and the only way left there; the listener above needs no selection, and leaves the focus where it is.
    if (!document.execCommand('copy')) throw new Error('The browser did not let it.');
  } finally {
    document.removeEventListener('copy', give, { capture: true });
  }
}
