import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Chance, JsonClient, jsonClient, newBroker } from '../../testing/index.js';
import { fuzzConversations, type FuzzPeer, textInput } from '../../testing/fuzz-conversations.js';
import { oddValues } from '../../testing/odd-values.js';
import { PATIENCE_MS } from '../../testing/property-runs.js';

const topics = ['a', 'a/b', '#', '+/+', '$SYS/#', '$share/g/a', '', '\0', '\ud800'];
const types = ['bind', 'subscribe', 'unsubscribe', 'publish', 'messages', 'ping', '__proto__', 'welcome'];
const jsons = fc.sample(fc.json(), { numRuns: 500, seed: 1 });

const text = (chance: Chance) => (chance.oneIn(2) ? chance.of(topics) : chance.text(10));
const anything = (chance: Chance): unknown =>
  chance.oneIn(3) ? JSON.parse(chance.of(jsons)) : chance.oneIn(2) ? text(chance) : chance.of(oddValues);
const either = (usual: (chance: Chance) => unknown) => (chance: Chance) =>
  chance.oneIn(2) ? usual(chance) : anything(chance);
const few = (make: (chance: Chance) => unknown) => (chance: Chance) =>
  Array.from({ length: chance.number(6) }, () => make(chance));
const small = (chance: Chance) => chance.number(10);

const filter = (chance: Chance) =>
  chance.oneIn(3) ? { filter: text(chance), ...chance.someOf({ retainHandling: anything }) } : either(text)(chance);

/** The fields of frames, right about half of the time. */
const fields = {
  id: either(small),
  clientId: either(text),
  auth: either((chance) => ({
    type: chance.of(['none', 'basic', 'bearer']),
    ...chance.someOf({ username: text, password: text, token: text }),
  })),
  resume: either((chance) => (chance.oneIn(2) ? true : { session: text(chance), offset: either(small)(chance) })),
  offset: either(small),
  messages: either(few(either((chance) => ({ topic: text(chance), payload: text(chance) })))),
  filters: either(few(filter)),
  topic: either(text),
  payload: either((chance) => (chance.oneIn(2) ? text(chance) : chance.bytes(9).toString('base64'))),
  encoding: (chance: Chance) => chance.of(['utf8', 'base64', undefined, 'hex']),
  qos: (chance: Chance) => chance.of([0, 1, 2, undefined]),
  retain: (chance: Chance) => chance.of([true, false, undefined, 0]),
};

/** Frames that are right, so that conversations get somewhere. */
const right = [
  { type: 'subscribe', id: 1, filters: ['a', 'a/#', '+/+'] },
  { type: 'unsubscribe', id: 2, filters: ['a'] },
  { type: 'publish', id: 3, topic: 'a', payload: 'x', qos: 1, retain: true },
  { type: 'publish', topic: 'a/b', payload: 'AP8=', encoding: 'base64' },
  {
    type: 'messages',
    id: 4,
    messages: [
      { topic: 'a', payload: '1' },
      { topic: 'a/+', payload: '2' },
    ],
  },
  { type: 'bind', id: 5, auth: { type: 'basic', username: 'joy', password: '' } },
  { type: 'bind', id: 6, auth: { type: 'none' }, resume: true },
  { type: 'ping', offset: 1 },
].map((frame) => JSON.stringify(frame));

function input(chance: Chance) {
  const kind = chance.number(11);
  if (kind < 4) return textInput(chance.of(right));
  if (kind === 9) return textInput(chance.of(jsons));
  if (kind === 10) return textInput(chance.text(40));
  return textInput(JSON.stringify({ type: chance.of(types), ...chance.someOf(fields) }));
}

/** Bound at once about half of the time. */
function enter(...[it, chance]: Parameters<Parameters<typeof fuzzConversations>[0]['enter']>): FuzzPeer {
  const client = chance.oneIn(2) ? jsonClient(it, { clientId: 'fuzzer', resume: true }) : new JsonClient(it);
  return {
    get isClosed() {
      return client.isClosed;
    },
    get closedWith() {
      return client.closedWith;
    },
    deliver: (bytes) => client.sendText(bytes.toString()),
    take: () => client.texts.splice(0),
    leave: () => void client.leave(),
  };
}

test(
  'whatever 20,000 frames come, nothing throws, every answer is JSON, and other clients notice nothing',
  () => {
    const answered = new Set<unknown>();
    const faultIn = (answers: readonly string[]) => {
      for (const answer of answers) answered.add((JSON.parse(answer) as { type: unknown }).type);
      return null;
    };
    fuzzConversations({ enter, input, faultIn });
    expect([...answered].sort()).toEqual(['messages', 'pong', 'result', 'welcome']);
  },
  PATIENCE_MS,
);

test('whatever bytes come, they are answered or the link is closed', () => {
  const it = newBroker();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const client = jsonClient(it).sendText(Buffer.from(bytes).toString('latin1'));
      expect(client.isClosed || client.frames.length > 2).toBe(true);
      client.leave();
    }),
    { seed: 20261121, numRuns: 300 },
  );
  expect(it.faults).toEqual([]);
});
