import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Agenda } from './agenda.js';
import { FakeClock } from './testing/fake-clock.js';

function anAgenda() {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const agenda = new Agenda(clock, (error) => faults.push(error));
  return { clock, agenda, faults, start: clock.now() };
}

test('each thing runs at its moment, in the order of the moments, unless it was stopped', () => {
  const step = fc.record({ inMs: fc.integer({ min: -5, max: 400_000 }), isStopped: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, agenda, start } = anAgenda();
      const ran: { readonly due: number; readonly ranAt: number }[] = [];
      const stops = steps.map(({ inMs }) => {
        const due = Math.max(start, start + inMs);
        return agenda.at(start + inMs, () => ran.push({ due, ranAt: clock.now() }));
      });
      steps.forEach(({ isStopped }, i) => isStopped && stops[i]?.());
      const expected = steps.filter(({ isStopped }) => !isStopped).map(({ inMs }) => Math.max(start, start + inMs));
      expect(agenda.size).toBe(expected.length);
      clock.advance(500_000);
      expect(ran.map(({ ranAt }) => ranAt)).toEqual(expected.sort((a, b) => a - b));
      expect(ran.every(({ due, ranAt }) => due === ranAt)).toBe(true);
      expect(agenda.size).toBe(0);
    }),
  );
});

test('when the clock is set forward, what is due is run within a minute', () => {
  const { clock, agenda, start } = anAgenda();
  let hasRun = false;
  agenda.at(start + 86_400_000, () => (hasRun = true));
  clock.set(start + 86_400_000);
  clock.advance(59_999);
  expect(hasRun).toBe(false);
  clock.advance(1);
  expect(hasRun).toBe(true);
});

test('a fault in one thing is reported, and keeps no other from running', () => {
  const { clock, agenda, faults, start } = anAgenda();
  let hasRun = false;
  agenda.at(start + 1, () => {
    throw new Error('mistake');
  });
  agenda.at(start + 2, () => (hasRun = true));
  clock.advance(10);
  expect(faults).toEqual([new Error('mistake')]);
  expect(hasRun).toBe(true);
});

test('what is stopped takes no room for long', () => {
  const { agenda, start } = anAgenda();
  const stops = Array.from({ length: 10_000 }, (_, i) => agenda.at(start + i + 1000, () => undefined));
  for (const stop of stops) stop();
  for (const stop of stops) stop();
  expect(agenda.size).toBe(0);
  expect((agenda as unknown as { heap: unknown[] }).heap.length).toBeLessThan(2);
});
