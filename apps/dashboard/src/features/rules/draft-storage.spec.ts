import { beforeEach, expect, test } from 'vitest';
import { DraftStorage } from './draft-storage.js';
import { aContent, aSavedPolicy, rulesNamed } from './testing/rule-factories.js';

beforeEach(() => localStorage.clear());

const draft = { saved: aSavedPolicy([], 4), content: aContent(rulesNamed('a')) };

test('a draft survives a reload, for its own operator only', () => {
  new DraftStorage('ana').save(draft);
  expect(new DraftStorage('ana').load()).toMatchObject(draft);
  expect(new DraftStorage('ben').load()).toBeNull();
});

test('what is not a draft is thrown away', () => {
  localStorage.setItem('perch-rules-draft:ana', '{"rules":1}');
  expect(new DraftStorage('ana').load()).toBeNull();
  expect(localStorage.length).toBe(0);
});

test('a browser without room for it says so', () => {
  const full = {
    getItem: () => null,
    removeItem: () => {},
    setItem: () => {
      throw new Error('quota');
    },
  };
  expect(new DraftStorage('ana', full).save(draft)).toBe(false);
});
