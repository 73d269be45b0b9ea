import { expect, test } from 'vitest';
import { castActors } from './cast.js';
import { runTorture } from './run-torture.js';

// `npm run torture -- --minutes 60 --seed 123` sets these.
const seed = process.env['TORTURE_SEED'] ?? String(Math.floor(Math.random() * 1e9));
const playMs = Number(process.env['TORTURE_MINUTES'] ?? 0.75) * 60_000;
const perSecond = Number(process.env['TORTURE_RATE'] ?? 80);

test(
  'nothing acknowledged is lost, repeated or out of order, whatever is killed [MQTT-4.4.0-1] [MQTT-4.5.0-1] [MQTT-4.6.0-6] [MQTT5-4.4.0-1] [MQTT5-4.5.0-1] [MQTT5-4.6.0-5]',
  { timeout: playMs * 2 + 600_000 },
  async () => {
    // console.log would wait for the end of the test.
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    const { violations, totals } = await runTorture({ seed, playMs, cast: castActors(perSecond), print });
    expect(violations).toEqual([]);
    expect(totals.acknowledged).toBeGreaterThan(100);
  },
);
