import { FakeClock } from '@perch/broker/testing';
import { describe, expect, test } from 'vitest';
import { FlapCounter, FLAPS_KEPT } from './flap-counter.js';

const minute = 60_000;

function aCounter(limits: Partial<ConstructorParameters<typeof FlapCounter>[0]> = {}) {
  const clock = new FakeClock();
  const counter = new FlapCounter({ threshold: 3, windowMs: minute, ...limits }, () => clock.uptime());
  const goes = (clientId = 'pump', takenFrom?: string) => {
    clock.advance(1_000);
    return counter.count({ clientId, address: takenFrom ?? '10.0.0.1', isTakeover: takenFrom !== undefined });
  };
  return { clock, counter, goes };
}

describe('a client that comes and goes', () => {
  test('flaps at the threshold within the window, and is told again when it went as often again', () => {
    const { goes } = aCounter();
    const told = [1, 2, 3, 4, 5, 6].map(() => goes()?.disconnects ?? null);
    expect(told).toEqual([null, null, 3, null, null, 3]);
  });

  test('is not told when it goes as often, but in more time; it is shown', () => {
    const { clock, counter, goes } = aCounter();
    for (let i = 0; i < 20; i++) {
      expect(goes()).toBeNull();
      clock.advance(minute / 2);
    }
    expect(counter.isFlapping('pump')).toBe(true);
    expect(counter.countOf('pump')).toBe(19);
    expect(counter.most(5)).toEqual([{ clientId: 'pump', disconnects: 19 }]);
    clock.advance(9 * minute);
    expect([counter.countOf('pump'), counter.isFlapping('pump'), counter.most(5)]).toEqual([1, false, []]);
  });

  test('is forgotten ten minutes later', () => {
    const { clock, counter, goes } = aCounter();
    for (let i = 0; i < 3; i++) goes();
    clock.advance(10 * minute - 1_500);
    expect([counter.countOf('pump'), counter.isFlapping('pump')]).toEqual([2, true]);
    clock.advance(1_500);
    expect([counter.countOf('pump'), counter.isFlapping('pump')]).toEqual([0, false]);
  });

  test('is not mistaken for another', () => {
    const { counter, goes } = aCounter();
    const told = ['a', 'b', 'a', 'b', 'a'].map((clientId) => goes(clientId)?.clientId ?? null);
    expect(told).toEqual([null, null, null, null, 'a']);
    expect([counter.isFlapping('a'), counter.isFlapping('b'), counter.countOf('c')]).toEqual([true, false, 0]);
  });

  test('is told with where its connections came from when others took their place', () => {
    const { goes } = aCounter({ threshold: 4 });
    goes('pump', '10.0.0.1');
    goes('pump', '10.0.0.2');
    goes();
    expect(goes('pump', '10.0.0.1')).toEqual({
      clientId: 'pump',
      disconnects: 4,
      takeovers: 3,
      addresses: ['10.0.0.1', '10.0.0.2'],
    });
  });
});

describe('what is remembered', () => {
  test('is of so many clients, those that went last', () => {
    const { counter, goes } = aCounter({ clients: 2 });
    for (const clientId of ['a', 'b', 'a', 'c']) goes(clientId);
    expect(['a', 'b', 'c'].map((clientId) => counter.countOf(clientId))).toEqual([2, 0, 1]);
  });

  test('is bounded for each of them, and never below the threshold', () => {
    const few = aCounter();
    for (let i = 0; i < FLAPS_KEPT + 50; i++) few.goes();
    expect(few.counter.countOf('pump')).toBe(FLAPS_KEPT);
    const threshold = FLAPS_KEPT + 20;
    const many = aCounter({ threshold, windowMs: 10 * minute });
    const told = Array.from({ length: threshold }, () => many.goes()?.disconnects ?? null);
    expect(told.at(-1)).toBe(threshold);
    expect(told.filter(Boolean)).toHaveLength(1);
  });
});
