import { locale } from './locale.js';
import { uiTexts } from './texts.js';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, notation: 'compact' });
const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

type Unknown = null | undefined;

function isUnknown(value: number | Unknown): value is Unknown {
  return value === null || value === undefined || !Number.isFinite(value);
}

/** A count with grouping; "-" when it is not known, never 0. */
export function formatCount(value: number | Unknown): string {
  return isUnknown(value) ? uiTexts.unknown : whole.format(value);
}

/** How many of something: `1 client`, `1,200 clients`. */
export function formatCounted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A number for a narrow place: grouped up to 9,999, then 12.3K. */
export function formatShort(value: number | Unknown): string {
  if (isUnknown(value)) return uiTexts.unknown;
  return Math.abs(value) < 10_000 ? whole.format(value) : short.format(value);
}

/** A rate per second: one decimal below ten. */
export function formatRate(value: number | Unknown): string {
  if (isUnknown(value)) return uiTexts.unknown;
  return value < 10 ? oneDigit.format(value) : formatShort(value);
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size in bytes with a unit, in powers of 1,000. */
export function formatBytes(value: number | Unknown): string {
  if (isUnknown(value)) return uiTexts.unknown;
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < byteUnits.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${(unit === 0 || size >= 100 ? whole : oneDigit).format(size)} ${byteUnits[unit]}`;
}

const spans: readonly [limitSeconds: number, perUnit: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, 'second'],
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [86_400 * 30, 86_400, 'day'],
  [86_400 * 365, 86_400 * 30, 'month'],
  [Infinity, 86_400 * 365, 'year'],
];

/** How long before or after now, as people say it. */
export function formatRelative(atMs: number, nowMs: number): string {
  const seconds = (atMs - nowMs) / 1000;
  if (Math.abs(seconds) < 5) return uiTexts.justNow;
  const [, perUnit, unit] = spans.find(([limit]) => Math.abs(seconds) < limit) ?? [0, 1, 'second'];
  return relative.format(Math.trunc(seconds / perUnit), unit);
}

/** A date and time to the second, in the reader's own time zone. */
export function formatExact(at: Date | string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? uiTexts.unknown : exact.format(date);
}

/** The time of day in the reader's time zone. */
export function formatTime(at: Date | string | number): string {
  return time.format(new Date(at));
}

/** The time of day to the millisecond in the reader's time zone. */
export function formatClock(at: Date | string | number): string {
  return clock.format(new Date(at));
}

/** A moment to the minute in the reader's time zone, as an input of a local date and time wants it. */
export function formatLocalInput(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** A span of time with its two largest units: 3 d 4 h, 12 min 5 s. */
export function formatDuration(ms: number | Unknown): string {
  if (isUnknown(ms)) return uiTexts.unknown;
  let rest = Math.max(0, Math.round(ms / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
