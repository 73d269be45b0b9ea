import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aPolicy, newBroker } from '../../testing/index.js';
import { MessagePeer } from '../../testing/message-peer.js';
import { acceptFlock } from './flock-connection.js';

const document = readFileSync(new URL('../../../../../docs/protocols/flock.md', import.meta.url), 'utf8');

test('the conversation in docs/protocols/flock.md is what happens, byte for byte', () => {
  const lines = /```conversation\n([^`]+)```/.exec(document)?.[1]?.trim().split('\n') ?? [];
  expect(lines.length).toBe(6);
  const it = newBroker({ policy: aPolicy({ topics: ['plant/#'] }) });
  const client = new MessagePeer(it, (link) => acceptFlock(it.broker, link));
  const spoken: string[] = [];
  for (const line of lines.filter((each) => each.startsWith('> '))) {
    client.sendText(line.slice(2));
    spoken.push(line, ...client.take().map((frame) => `< ${frame}`));
  }
  expect(spoken).toEqual(lines);
});
