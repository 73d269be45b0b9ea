import { locale } from '../locale.js';

/** Loads the code that draws. uPlot asks for the browser's language as it loads, and fails where that is no valid one. */
export async function loadChart() {
  if (!isValid(navigator.language)) Object.defineProperty(navigator, 'language', { get: () => locale ?? 'en-US' });
  const { ChartCanvas } = await import('./chart-canvas.js');
  return { default: ChartCanvas };
}

/** Chromium in a POSIX locale says `en-US@posix`. */
function isValid(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length === 1;
  } catch {
    return false;
  }
}
