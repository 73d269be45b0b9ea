import { reasonTexts } from './texts.js';

/** The words that there is a text for. */
export const knownReasons = Object.keys(reasonTexts);

/** The text for a reason; the broker's word itself where it is a new one. */
export function reasonText(reason: string): string {
  return reasonTexts[reason] ?? reason;
}
