import { expect, test } from 'vitest';
import type { Actor } from '../../http/actor.js';
import type { AuditService, Deed } from './audit.service.js';
import { RefusalTally } from './refusal-tally.js';

const actor = (address: string): Actor => ({ name: '', address, requestId: 'r', role: null });
const deed = (object: string): Deed => ({ action: 'apiKeys.refused', object, reason: 'expired' });

function newTally() {
  const written: Deed[] = [];
  const refused = (_actor: Actor, entry: Deed) => Promise.resolve(void written.push(entry));
  return { written, tally: new RefusalTally({ refused } as unknown as AuditService) };
}

test('the first of its kind is written at once, those that follow are counted in one entry', async () => {
  const { tally, written } = newTally();
  for (let count = 0; count < 1000; count++) await tally.take(actor('10.0.0.9'), deed('api-key/deploy'));
  await tally.take(actor('10.0.0.9'), deed('api-key/other'));
  expect(written).toEqual([deed('api-key/deploy'), deed('api-key/other')]);
  await tally.flush(Date.now());
  expect(written.slice(2)).toMatchObject([{ object: 'api-key/deploy', after: { more: 999 } }]);
  await tally.take(actor('10.0.0.9'), deed('api-key/deploy'));
  expect(written).toHaveLength(4);
});

test('who causes many kinds is told apart no more, and nobody can fill the log', async () => {
  const { tally, written } = newTally();
  for (let count = 0; count < 100; count++) await tally.take(actor('10.0.0.9'), deed(`api-key-id/${count}`));
  expect(written).toHaveLength(21);
  expect(written.at(-1)).toMatchObject({ action: 'requests.refused', object: 'others' });
  for (let count = 0; count < 5000; count++)
    await tally.take(actor(`10.1.${count >> 8}.${count & 255}`), deed('api-key'));
  await tally.flush(Date.now());
  expect(written.length).toBeLessThanOrEqual(402);
});

test('addresses of one IPv6 network are one source', async () => {
  const { tally, written } = newTally();
  for (const host of ['1', '2', '3']) await tally.take(actor(`2001:db8::${host}`), deed('api-key'));
  expect(written).toHaveLength(1);
});
