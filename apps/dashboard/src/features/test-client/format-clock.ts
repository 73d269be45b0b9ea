import { locale } from '../../shared/ui/locale.js';

const clock = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
});

/** The time of the day to the millisecond. */
export function formatClock(atMs: number): string {
  return clock.format(atMs);
}
