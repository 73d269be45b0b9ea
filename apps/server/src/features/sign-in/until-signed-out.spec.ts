import { newBroker } from '@perch/broker/testing';
import { expect, test } from 'vitest';
import type { SignedIn } from './signed-in.js';
import { untilSignedOut } from './until-signed-out.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Something open for somebody who is signed in, and what became of it. */
function kept(ends: { idle?: number; expiry?: number }) {
  const { broker, clock } = newBroker();
  const at = (ms?: number) => (ms === undefined ? null : new Date(clock.now() + ms));
  const operator = { id: '1', name: 'ann', role: 'viewer' as const, disabled: false };
  const signedInFor = ({ idle, expiry }: typeof ends): SignedIn => ({
    ...({ kind: 'operator', id: 's', readsPayloads: false } as const),
    operator: operator as unknown as SignedIn['operator'],
    expiresAt: at(expiry),
    idleEndsAt: at(idle),
  });
  const ended: string[] = [];
  const state: { answer: () => SignedIn | null; asked: number } = { answer: () => null, asked: 0 };
  const stop = untilSignedOut(broker.agenda, {
    signedIn: signedInFor(ends),
    askAgain: async () => {
      state.asked++;
      return state.answer();
    },
    ended: (why) => ended.push(why),
  });
  /** The clock is looked at every minute: so much of it really passes. */
  const pass = async (ms: number) => {
    clock.set(clock.now() + ms - MINUTE_MS);
    clock.advance(MINUTE_MS);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { state, ended, stop, pass, signedInFor };
}

test('it ends when nobody has been there for too long, and not before', async () => {
  const { ended, pass, state } = kept({ idle: 12 * HOUR_MS, expiry: 7 * DAY_MS });
  await pass(12 * HOUR_MS - MINUTE_MS);
  expect([ended, state.asked]).toEqual([[], 0]);
  await pass(MINUTE_MS);
  expect(ended).toEqual(['expired']);
});

test('it goes on where somebody has been there meanwhile, until they have gone, too', async () => {
  const { ended, pass, state, signedInFor } = kept({ idle: 12 * HOUR_MS });
  state.answer = () => signedInFor({ idle: 5 * HOUR_MS });
  await pass(12 * HOUR_MS);
  await pass(4 * HOUR_MS);
  expect([ended, state.asked]).toEqual([[], 1]);
  state.answer = () => null;
  await pass(HOUR_MS);
  expect(ended).toEqual(['expired']);
});

test('it ends at its time, however far away, and never where there is none', async () => {
  const [late, never] = [kept({ expiry: 60 * DAY_MS }), kept({})];
  for (const each of [late, never]) await each.pass(59 * DAY_MS);
  expect(late.ended).toEqual([]);
  for (const each of [late, never]) await each.pass(DAY_MS);
  expect([late.ended, never.ended]).toEqual([['expired'], []]);
});

test('where nobody can tell it ends as that, and what was closed before is told nothing', async () => {
  const [unsure, closed] = [kept({ idle: HOUR_MS }), kept({ idle: HOUR_MS })];
  unsure.state.answer = () => {
    throw new Error('no database');
  };
  closed.stop();
  for (const each of [unsure, closed]) await each.pass(HOUR_MS);
  expect([unsure.ended, closed.ended]).toEqual([['unknown'], []]);
});
