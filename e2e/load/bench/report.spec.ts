import { expect, test } from 'vitest';
import { asMarkdown, asText, cpuTable, otherTable, remarks } from './report.js';
import { faults, isSound, newResults, type Results } from './results.js';
import { flowing } from './scenarios.js';

const scenario = flowing({ name: 'a', what: 'one to one', flow: {} });
const counts = {
  sent: 9,
  acknowledged: 9,
  expected: 9,
  delivered: 9,
  lost: 0,
  repeated: 0,
  disordered: 0,
  misdirected: 0,
};

interface Said {
  readonly broker: string;
  readonly cpuUs: readonly number[];
  readonly figures?: Record<string, number>;
  readonly wrong?: Partial<typeof counts>;
  readonly mayLose?: boolean;
}

function resultsOf(...all: Said[]): Results {
  const kinds = all.map(({ broker }) => ({ name: broker, version: '1' }));
  const rounds = Math.max(...all.map(({ cpuUs }) => cpuUs.length));
  const empty = newResults([], { absent: [], duration: { warmUpS: 1, measureS: 2 }, rounds });
  const runs = all.flatMap(({ broker, cpuUs, figures = {}, wrong = {}, mayLose = false }) =>
    cpuUs.map((cost, round) => ({
      scenario: 'a',
      broker,
      round,
      outcome: { problem: null, mayLose, counts: { ...counts, ...wrong }, figures: { cpuUs: cost, ...figures } },
    })),
  );
  return { ...empty, brokers: kinds, runs };
}

test('a ratio is the median of the rounds, not the ratio of the medians', () => {
  const results = resultsOf({ broker: 'perch', cpuUs: [1, 10, 3] }, { broker: 'other', cpuUs: [10, 20, 10] });
  expect(cpuTable(results, [scenario])).toEqual([
    ['CPU µs per delivery', 'perch', 'other', '÷ other'],
    ['a: one to one', '3.00', '10.0', '0.30 (0.10–0.50)'],
  ]);
});

test('a rate that the load generator has limited is marked', () => {
  const slow = { deliveriesPerS: 1000, brokerLoad: 0.5, generatorLoad: 0.99 };
  const results = resultsOf({ broker: 'perch', cpuUs: [1], figures: slow });
  expect(otherTable(results, [scenario])[1]).toEqual(['a: deliveries/s', '> 1,000']);
});

test('what was not run has no row', () => {
  const other = flowing({ name: 'b', what: 'never run', flow: {} });
  expect(cpuTable(resultsOf({ broker: 'perch', cpuUs: [1] }), [other])).toHaveLength(1);
});

test.each(['lost', 'repeated', 'disordered', 'misdirected'] as const)('%s at QoS 1 fails the run', (fault) => {
  const results = resultsOf({ broker: 'perch', cpuUs: [1], wrong: { [fault]: 3 } });
  expect(faults(results.runs[0]!.outcome)).toEqual([expect.stringContaining('3 ')]);
  expect(isSound(results)).toBe(false);
  expect(remarks(results)).toEqual([expect.stringContaining('a, perch, round 1: 3 ')]);
});

test('a loss at QoS 0 is told and fails nothing, and neither does what others do wrong', () => {
  const lossy = resultsOf({ broker: 'perch', cpuUs: [1], mayLose: true, wrong: { lost: 2 } });
  expect(isSound(lossy)).toBe(true);
  expect(remarks(lossy)).toEqual(['a, perch, round 1: 2 lost, as QoS 0 allows.']);
  expect(isSound(resultsOf({ broker: 'perch', cpuUs: [1] }, { broker: 'other', cpuUs: [1], wrong: { lost: 1 } }))).toBe(
    true,
  );
});

test('runs on a busy machine are told of', () => {
  const figures = { isClosedLoop: 1, brokerLoad: 0.4, generatorLoad: 0.3 };
  expect(remarks(resultsOf({ broker: 'perch', cpuUs: [1, 1], figures }))).toEqual([
    expect.stringContaining('In 2 of 2 runs something else was using the cores'),
  ]);
});

test('a table for a terminal has its numbers under one another, one for a document is Markdown', () => {
  const table = [
    ['what', 'perch'],
    ['a', '1.00'],
  ];
  expect(asText(table)).toBe('what   perch\na       1.00');
  expect(asMarkdown(table)).toBe('| what | perch |\n| --- | ---: |\n| a | 1.00 |');
});
