import { expect, test } from 'vitest';
import { readOptions } from './options.js';
import { scenarios } from './scenarios.js';

test('without flags everything is measured five times beside all peers', () => {
  const options = readOptions([]);
  expect(options.scenarios).toEqual(scenarios);
  expect(options).toMatchObject({
    rounds: 5,
    peers: ['mosquitto', 'aedes', 'nats'],
    compareWith: null,
    isGrowth: false,
  });
});

test('a quick run is a part of it, and flags still win', () => {
  const quick = readOptions(['--quick', '--rounds', '2']);
  expect(quick.scenarios.length).toBeLessThan(scenarios.length);
  expect(quick).toMatchObject({ rounds: 2, duration: { measureS: 1 } });
});

test('two revisions are compared without other brokers, unless they are asked for', () => {
  expect(readOptions(['--compare', 'main'])).toMatchObject({ compareWith: 'main', peers: [] });
  expect(readOptions(['--compare', 'main', '--peers', 'aedes'])).toMatchObject({ peers: ['aedes'] });
});

test('scenarios are taken in their usual order; of growth they name the axes', () => {
  expect(readOptions(['--scenarios', 'd,a']).scenarios.map(({ name }) => name)).toEqual(['a', 'd']);
  expect(readOptions(['--growth', '--scenarios', 'rules']).axes.map(({ name }) => name)).toEqual(['rules']);
});

test('of what access rules cost, one load is enough unless others are asked for', () => {
  expect(readOptions(['--policy']).scenarios.map(({ name }) => name)).toEqual(['a']);
  expect(readOptions(['--policy', '--scenarios', 'a,c'])).toMatchObject({ isPolicy: true, scenarios: [{}, {}] });
});

test.each([
  [['--scenarios', 'a,nonsense'], /There is no nonsense/],
  [['--rounds', '0'], /--rounds has to be a number above 0/],
])('%j is answered in words', (args, answer) => {
  expect(() => readOptions(args)).toThrow(answer);
});
