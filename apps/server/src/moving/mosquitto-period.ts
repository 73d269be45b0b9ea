const units: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 604_800, m: 2_592_000, y: 31_536_000 };

/** The longest that MQTT 5 can say but for "never". */
export const MAX_SECONDS = 0xffff_fffe;

/** A period as Mosquitto writes it, such as `14d`: hours, days, weeks, months or years. Null for anything else. */
export function secondsOf(text: string): number | null {
  const [, number, unit] = /^(\d{1,6})([hdwmy])$/.exec(text) ?? [];
  return number === undefined || unit === undefined ? null : Number(number) * (units[unit] as number);
}
