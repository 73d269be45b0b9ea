import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aPolicy, JsonClient, newBroker } from '../../testing/index.js';

const document = readFileSync(new URL('../../../../../docs/protocols/json.md', import.meta.url), 'utf8');
const conversations = [...document.matchAll(/```conversation\n([^`]+)```/g)].map(([, text = '']) =>
  text.trim().split('\n'),
);

const BREAK = 'the connection breaks';

test('there are conversations in docs/protocols/json.md', () => {
  expect(conversations.map((lines) => lines.length > 10)).toEqual([true, true]);
});

test.each(conversations.map((lines) => [lines]))(
  'a conversation in docs/protocols/json.md is what happens, byte for byte: %#',
  async (lines) => {
    const it = newBroker({ policy: aPolicy({ topics: ['plant/#'] }) });
    const said: string[] = [];
    let client = new JsonClient(it);
    let heard = 0;
    let session = 'SESSION';
    const listen = (): void => {
      for (; heard < client.texts.length; heard++) {
        session = /"session":"([^"]+)"/.exec(client.texts[heard] ?? '')?.[1] ?? session;
        said.push(`< ${client.texts[heard]?.replace(session, 'SESSION')}`);
      }
    };
    listen();
    for (const [i, line] of lines.entries()) {
      if (line === BREAK) {
        said.push(line);
        client.vanish();
        client = new JsonClient(it);
        heard = 0;
        listen();
      }
      if (!line.startsWith('> ')) continue;
      said.push(line);
      client.sendText(line.slice(2).replace('SESSION', session));
      await new Promise((resolve) => setImmediate(resolve)); // a commit
      it.clock.turn();
      // What is on its way when the connection breaks does not come.
      if (lines[i + 1] !== BREAK) listen();
    }
    expect(said).toEqual(lines);
  },
);
