import { MutationObserver, notifyManager } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { createQueryClient } from './query-client.js';

test('who sends something hears that it is under way before the next click can arrive', async () => {
  const client = createQueryClient(() => undefined);
  const sending = new MutationObserver(client, { mutationFn: () => new Promise(() => undefined) });
  const heard: string[] = [];
  // As a component does it.
  sending.subscribe(notifyManager.batchCalls(({ status }) => heard.push(status)));
  sending.mutate().catch(() => undefined);
  // All that a browser does between two clicks, however fast: it runs what the first one left to do.
  await Promise.resolve();
  expect(heard).toEqual(['pending']);
});
