import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aPolicy, newBroker } from '../../testing/index.js';
import { MessagePeer } from '../../testing/message-peer.js';
import { acceptFlywheel } from './flywheel-connection.js';

const document = readFileSync(new URL('../../../../../docs/protocols/flywheel.md', import.meta.url), 'utf8');

test('the conversation in the documentation happens as it is written', () => {
  const lines = /```conversation\n(.*?)```/s.exec(document)?.[1]?.trimEnd().split('\n') ?? [];
  expect(lines.length).toBeGreaterThan(12);
  const it = newBroker({
    policy: aPolicy(
      { effect: 'deny', topics: ['secret/#'] },
      { effect: 'deny', access: 'pub', topics: ['$remote/pump-8/#'] },
      { topics: ['#'] },
    ),
  });
  const client = new MessagePeer(it, (link) => acceptFlywheel(it.broker, link));
  const spoken: string[] = [];
  for (const line of lines.filter((each) => each.startsWith('> '))) {
    client.sendText(line.slice(2));
    spoken.push(line, ...client.take().map((frame) => `< ${frame}`));
  }
  expect(spoken).toEqual(lines);
});
