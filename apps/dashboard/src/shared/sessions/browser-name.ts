import { sessionsTexts } from './texts.js';

// In this order: the later ones are in the strings of the earlier ones, too.
const browsers = [
  ['Edge', /Edg(?:e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|CriOS|Chromium)\//],
  ['Safari', /Safari\//],
  ['curl', /^curl\//],
] as const;

const systems = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const;

/** What a person calls the browser of a User-Agent header: "Firefox on Linux". */
export function browserName(userAgent: string): string {
  const find = (known: readonly (readonly [string, RegExp])[]) => known.find(([, looks]) => looks.test(userAgent))?.[0];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser !== undefined && system !== undefined) return sessionsTexts.on(browser, system);
  return browser ?? system ?? (userAgent.slice(0, 60) || sessionsTexts.unknown);
}
