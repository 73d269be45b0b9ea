import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pageOf, statementsOf, unprovenIn } from './mqtt-matrix/page.mjs';
import { parseList, readKnownGaps, readStatements } from './mqtt-matrix/statements.mjs';
import { citations, taggedTests, testsIn } from './mqtt-matrix/tests.mjs';

const lists = readStatements();
const tests = taggedTests();
const ids = lists.flatMap(statementsOf).map(({ id }) => id);

describe('the MQTT conformance matrix', () => {
  test('docs/protocols/mqtt.md is what `npm run mqtt:matrix` writes', () => {
    const committed = readFileSync(new URL('../docs/protocols/mqtt.md', import.meta.url), 'utf8');
    expect(committed).toBe(pageOf(lists, tests));
  });

  test('whatever names a statement names one that exists', () => {
    const unknown = [...citations()].filter(([id]) => !ids.includes(id));
    expect(Object.fromEntries(unknown)).toEqual({});
  });

  test('every statement that binds servers has a test, except the gaps that are known', () => {
    expect(unprovenIn(lists, tests)).toEqual(readKnownGaps());
  });

  test('every statement is listed once', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe('how tests are found', () => {
  const found = (text: string) => testsIn('x.spec.ts', text).map(({ title, ids }) => [title, ids.join(' ')]);

  test('by the ids in their titles', () => {
    expect(found("test('a [MQTT-1.2.3-4] [MQTT5-1.2.3-5]', f); it(`b ${x} [MQTT31-1.2-1]`, f); test('c', f);")).toEqual(
      [
        ['a', 'MQTT-1.2.3-4 MQTT5-1.2.3-5'],
        ['b …', 'MQTT31-1.2-1'],
      ],
    );
  });

  test('row by row in a table, whether the row shows its id or not', () => {
    const table = "const rows = [['b [MQTT-1.2.3-4]', 1], ['c', 2, '[MQTT-1.2.3-5]'], ['d', 3]] as const;";
    expect(found(`${table} test.each([...rows, ['e', 4]])('a %s is %i', f);`)).toEqual([
      ['a b is 1', 'MQTT-1.2.3-4'],
      ['a c is 2', 'MQTT-1.2.3-5'],
    ]);
    expect(found("test.each([{ name: 'b', id: '[MQTT-1.2.3-4]' }])('a $name', f);")).toEqual([['a b', 'MQTT-1.2.3-4']]);
  });

  test('and named by the groups that they are in', () => {
    expect(found("describe('a $name', () => { describe('b', () => { test('c [MQTT-1.2.3-4]', f); }); });")).toEqual([
      ['a …: b: c', 'MQTT-1.2.3-4'],
    ]);
  });

  test('but not where they do not run, nor by what a group of them is called', () => {
    expect(found("test.skip('[MQTT-1.2.3-4]', f); test.todo('[MQTT-1.2.3-4]');")).toEqual([]);
    expect(found("describe('[MQTT-1.2.3-4]', () => { test('a', f); });")).toEqual([]);
  });
});

describe('a list of statements', () => {
  test('tells who is bound, and why no test can show what cannot be shown', () => {
    const text = '= 3.1.1\n== 1.2 Things\nMQTT-1.2.3-4 | both | words\nMQTT-1.2.3-5 | untestable | words | a reason\n';
    expect(parseList(text, 'list').chapters).toMatchObject([
      { number: '1.2', name: 'Things', statements: [{ side: 'both' }, { side: 'untestable', reason: 'a reason' }] },
    ]);
  });

  test.each(['MQTT-1.2.3-4 | everybody | words', 'MQTT-1.2.3-4 | server', 'MQTT-1.2.3-4 | untestable | words'])(
    'refuses a line that does not: %s',
    (line) => {
      expect(() => parseList(`= 1\n== 1 One\n${line}\n`, 'list')).toThrow('not a statement');
    },
  );
});
