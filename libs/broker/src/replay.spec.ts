import { describe, expect, test } from 'vitest';
import type { Message } from './message.js';
import { Replay } from './replay.js';
import type { Session } from './session.js';
import { Subscription } from './subscription.js';
import { FakeClock } from './testing/fake-clock.js';

/** A replay for a session that has room when the test says so. */
function aReplay({ hasRoom = true } = {}) {
  const clock = new FakeClock();
  const subscriptions = new Map<string, Subscription>();
  const session = { hasRoom, subscriptions } as unknown as Session;
  const replay = new Replay(session, {
    clock,
    refusals: { ofDelivery: () => expect.unreachable() },
    report: () => expect.unreachable(),
  });
  const subscribe = (filter: string, messages: Iterable<Message | null>): void => {
    const request = { filter, qos: 0 as const, noLocal: false, retainAsPublished: false };
    const subscription = new Subscription(session, request, { ruleId: null, exclusions: [] });
    subscriptions.set(filter, subscription);
    replay.add(subscription, messages);
  };
  return { clock, replay, subscriptions, subscribe };
}

describe('a replay', () => {
  test('leaves the turn to others while it looks for something and finds nothing', () => {
    const { clock, subscribe } = aReplay();
    let looks = 0;
    function* nothing() {
      for (; looks < 5; looks++) yield null;
    }
    subscribe('+/x', nothing());
    expect(looks).toBe(0);
    clock.turn();
    expect(looks).toBe(5);
  });

  test('of somebody who subscribes again and again and takes nothing does not pile up', () => {
    const { replay, subscriptions, subscribe } = aReplay({ hasRoom: false });
    for (let i = 0; i < 10_000; i++) {
      subscriptions.delete(`old/${i - 1}`);
      subscribe(`old/${i}`, []);
      subscribe('same', []);
    }
    expect(replay.waiting).toBeLessThan(50);
  });
});
