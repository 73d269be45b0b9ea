import fc from 'fast-check';
import { test } from 'vitest';
import { PATIENCE_MS, runs } from './testing/property-runs.js';
import { SessionWorld } from './testing/session-model/session-world.js';
import { anyStep } from './testing/session-model/steps.js';

test(
  'whatever happens to clients and broker, each client gets what it is owed: all of it, in order, QoS 2 once, within its window',
  { timeout: PATIENCE_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40, size: 'max' }), async (steps) => {
        const world = new SessionWorld();
        await world.start();
        for (const step of steps) await world.apply(step);
        await world.finish();
      }),
      runs(200),
    );
  },
);
