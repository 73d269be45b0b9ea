import type { Message } from '@perch/broker';
import { expect, test } from 'vitest';
import { Tail } from './tail.js';

const aMessage = (payload: string | Buffer) =>
  ({ topic: 't', payload: Buffer.from(payload), receivedAt: 0, properties: null }) as Message;

test('above its rate it shows a sample, and counts all', () => {
  const tail = new Tail('t', { perSecond: 5, payloadBytes: 100 });
  for (let i = 0; i < 1_000; i++) tail.see(aMessage('x'));
  const { seen, messages } = tail.take();
  expect([seen, messages.length]).toEqual([1_000, 5]);
  tail.see(aMessage('y'));
  expect(tail.take().seen).toBe(1);
  expect(tail.seen).toBe(1_001);
});

test.each([
  ['a text', 'grün', { payload: 'grün', encoding: 'utf8', size: 5 }],
  ['a long text is cut between two characters', 'aaaaaüü', { payload: 'aaaaa', encoding: 'utf8', size: 9 }],
  ['what is no text', Buffer.from([0xff, 0x00]), { payload: '/wA=', encoding: 'base64', size: 2 }],
  [
    'a long piece of what is no text',
    Buffer.alloc(9, 0x80),
    { payload: Buffer.alloc(6, 0x80).toString('base64'), size: 9 },
  ],
])('%s', (_what, payload, shown) => {
  const tail = new Tail('t', { perSecond: 5, payloadBytes: 6 });
  tail.see(aMessage(payload));
  expect(tail.take().messages[0]).toMatchObject(shown);
});
