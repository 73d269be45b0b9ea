import { expect, test } from 'vitest';
import type { Setting } from '../../shared/api/generated/types.gen.js';
import { nameOf, wantedOf, withChange, wordsOf } from './setting-draft.js';

const aSetting = (fields: Partial<Setting> = {}): Setting => ({
  key: 'maxSubscriptions',
  section: 'limits',
  describe: 'Subscriptions of one client.',
  allowed: 'a whole number',
  variable: 'PERCH_MAX_SUBSCRIPTIONS',
  kind: 'number',
  choices: null,
  min: 1,
  max: 100,
  value: 10,
  saved: null,
  isPending: false,
  isSecret: false,
  isSet: true,
  defaultValue: 10,
  source: 'default',
  place: null,
  isLocked: false,
  applies: 'now',
  ...fields,
});

test('a change is kept until it is what is saved already', () => {
  const setting = aSetting();
  const draft = withChange({}, setting, 20);
  expect(draft).toEqual({ maxSubscriptions: 20 });
  expect(wantedOf(setting, draft)).toBe(20);
  expect(withChange(draft, setting, 10)).toEqual({});
});

test('going back to the default is a change only where something was saved', () => {
  expect(withChange({}, aSetting(), null)).toEqual({});
  const own = aSetting({ value: 20, source: 'dashboard' });
  const draft = withChange({}, own, null);
  expect(draft).toEqual({ maxSubscriptions: null });
  expect(wantedOf(own, draft)).toBe(10);
});

test('what waits for the next start is what a change is compared with', () => {
  const waiting = aSetting({ saved: 50, isPending: true, source: 'dashboard' });
  expect(wantedOf(waiting, {})).toBe(50);
  expect(withChange({}, waiting, 50)).toEqual({});
  expect(withChange({}, waiting, 10)).toEqual({ maxSubscriptions: 10 });
});

test('names and values read well', () => {
  expect(['maxTopicBytes', 'httpPort', 'connectTimeoutMs'].map(nameOf)).toEqual([
    'Max topic bytes',
    'HTTP port',
    'Connect timeout, ms',
  ]);
  expect([wordsOf(null), wordsOf(true), wordsOf(20_000), wordsOf(8080, 'text')]).toEqual([
    'none',
    'on',
    '20,000',
    '8080',
  ]);
});
