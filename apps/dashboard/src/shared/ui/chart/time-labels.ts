import { locale } from '../locale.js';

const seconds = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const minutes = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

const DAY_MS = 86_400_000;

/** The words under the time axis: as exact as the distance between them, and the date where a day begins. */
export function timeLabels(times: readonly number[], stepMs: number): string[] {
  return times.map((time) => {
    if (stepMs >= DAY_MS || isMidnight(time)) return days.format(time);
    return (stepMs < 60_000 ? seconds : minutes).format(time);
  });
}

function isMidnight(time: number): boolean {
  const at = new Date(time);
  return at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
}
