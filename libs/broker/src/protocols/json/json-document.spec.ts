import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aPolicy, JsonClient, newBroker } from '../../testing/index.js';

test('the conversation in docs/protocols/json.md is what happens, byte for byte', async () => {
  const document = readFileSync(new URL('../../../../../docs/protocols/json.md', import.meta.url), 'utf8');
  const lines = /```conversation\n([^`]+)```/.exec(document)?.[1]?.trim().split('\n') ?? [];
  expect(lines.length).toBeGreaterThan(10);
  const it = newBroker({ policy: aPolicy({ topics: ['plant/#'] }) });
  const client = new JsonClient(it);
  const conversation: string[] = [];
  let heard = 0;
  const listen = (): void => {
    for (; heard < client.texts.length; heard++) conversation.push(`< ${client.texts[heard]}`);
  };
  listen();
  for (const line of lines.filter((each) => each.startsWith('> '))) {
    conversation.push(line);
    client.sendText(line.slice(2));
    await new Promise((resolve) => setImmediate(resolve)); // a commit
    it.clock.turn();
    listen();
  }
  expect(conversation).toEqual(lines);
});
