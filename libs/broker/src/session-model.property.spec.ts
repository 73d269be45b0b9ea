import fc from 'fast-check';
import { test } from 'vitest';
import { PATIENCE_MS, runs } from './testing/property-runs.js';
import { SessionWorld } from './testing/session-model/session-world.js';
import { anyStep, bothShare, onSharedTopic, type Step } from './testing/session-model/steps.js';

async function play(steps: readonly Step[]): Promise<void> {
  const world = new SessionWorld();
  await world.start();
  for (const step of steps) await world.apply(step);
  await world.finish();
}

test(
  'whatever happens to clients and broker, each client gets what it is owed: all of it, in order, QoS 2 once, within its window',
  { timeout: PATIENCE_MS },
  () => fc.assert(fc.asyncProperty(fc.array(anyStep, { maxLength: 40, size: 'max' }), play), runs(200)),
);

test(
  'whatever happens to those who share a subscription, one of them gets each message, and what one leaves the other gets',
  { timeout: PATIENCE_MS },
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep.map(onSharedTopic), { maxLength: 30, size: 'max' }), (steps) =>
        play([...bothShare, ...steps]),
      ),
      runs(100),
    ),
);
