import { setImmediate } from 'node:timers/promises';
import type { Message } from '@perch/broker';
import { expect, test } from 'vitest';
import { CommitLog } from './commit-log.js';
import { toStatements } from './session-statements.js';

function newLog() {
  const written: string[][] = [];
  const gate = { hold: null as Promise<void> | null };
  const log = new CommitLog({
    limits: { deliveries: 1_000, bytes: 1_000_000 },
    write: async (what) => {
      written.push(toStatements(what).map(({ name }) => name));
      await gate.hold;
    },
    outage: () => undefined,
    lost: () => undefined,
  });
  const append = (seq: number) => {
    const message: Message = {
      topic: 'a',
      payload: Buffer.from('x'),
      qos: 1,
      retain: false,
      properties: null,
      publisher: 'p',
      receivedAt: 0,
      expiresAt: null,
    };
    const delivery = {
      seq,
      qos: 1,
      retain: false,
      isReceived: false,
      identifiers: null,
      share: null,
      message,
    } as const;
    log.batch.append(7, delivery);
    log.changed();
  };
  const settle = (seq: number) => {
    log.batch.settle(7, seq);
    log.changed();
  };
  return { log, written, gate, append, settle };
}

test('what is settled in a later turn, before its batch is cut, is never written', async () => {
  const { log, written, append, settle } = newLog();
  append(1);
  const committed = log.committed();
  await setImmediate();
  settle(1);
  expect(log.committed()).toBe(committed);
  await committed;
  expect(written).toEqual([[]]);
  expect(log.committed()).toBeNull();
});

test('what is not settled is written, and what is settled after that is removed', async () => {
  const { log, written, append, settle } = newLog();
  append(1);
  append(2);
  await log.committed();
  settle(1);
  await log.committed();
  expect(written).toEqual([['settle-and-append'], ['settle-and-append']]);
});

test('a batch that is too large for one statement is written by several, and settled so', async () => {
  const { log, written, append, settle } = newLog();
  for (let seq = 1; seq <= 45_000; seq++) append(seq);
  await log.committed();
  for (let seq = 1; seq <= 20_001; seq++) settle(seq);
  await log.committed();
  expect(written.map((names) => names.length)).toEqual([3, 2]);
});

test('a log that is closed waits for nothing more to come', async () => {
  const { log, written, append } = newLog();
  append(1);
  await log.close(1_000);
  expect(written).toEqual([['settle-and-append']]);
});

test('everybody waits for one and the same promise, also while it is being written', async () => {
  const { log, written, gate, append, settle } = newLog();
  let release = (): void => undefined;
  gate.hold = new Promise((resolve) => (release = resolve));
  append(1);
  const first = log.committed();
  append(2);
  expect(log.committed()).toBe(first);
  while (written.length === 0) await setImmediate();
  expect(log.committed()).toBe(first);
  settle(1);
  expect(log.committed()).not.toBe(first);
  release();
  await log.close(1_000);
});
