import type { Random } from '../torture/random.js';
import type { Credentials } from './valid-packets.js';

const TEXTS = [
  'f/a',
  'f/#',
  'f/+/b',
  '#',
  '',
  '\0',
  '\ud800',
  '$SYS/#',
  '$share/g/f/a',
  '__proto__',
  'x'.repeat(70_000),
  'f' + '/a'.repeat(300),
];
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  [],
  {},
  [[[[]]]],
  { __proto__: null, constructor: 1 },
  ...TEXTS,
];

/** A text for our own JSON protocol: a right frame, one whose fields are wrong, or no frame at all. */
export function jsonInput(random: Random, who: Credentials & { clientId: string }, isFirst: boolean): Buffer {
  if (isFirst && random.chance(0.9))
    return textOf({
      type: 'bind',
      id: 1,
      clientId: who.clientId,
      auth: { type: 'basic', username: who.username, password: who.password },
    });
  const roll = random.next();
  if (roll < 0.05)
    return Buffer.from(
      random.pick(['', '{', '[]', 'null', '"', '{"type":', '['.repeat(5000), '{"type":"ping"}}', 'hello', '\ufeff{}']),
    );
  const frame = random.pick(frames)(random);
  if (random.chance(0.5)) return textOf(frame);
  const fields = Object.keys(frame);
  const changed: Record<string, unknown> = { ...frame, [random.pick(fields)]: random.pick(ODD) };
  if (random.chance(0.3)) delete changed[random.pick(fields)];
  if (random.chance(0.2)) changed[random.pick(['more', 'retain', 'qos', 'encoding', 'toString'])] = random.pick(ODD);
  const text = JSON.stringify(changed);
  return Buffer.from(random.chance(0.1) ? text.slice(0, random.between(0, text.length)) : text);
}

const frames: readonly ((random: Random) => Record<string, unknown>)[] = [
  (random) => ({
    type: 'publish',
    id: random.between(1, 5),
    topic: 'f/a',
    payload: 'x',
    qos: random.between(0, 1),
    retain: random.chance(0.1),
  }),
  () => ({ type: 'publish', topic: 'f/b', payload: 'eA==', encoding: 'base64' }),
  (random) => ({
    type: 'subscribe',
    id: 2,
    filters: [random.pick(TEXTS), { filter: 'f/#', retainHandling: random.between(0, 2) }],
  }),
  () => ({ type: 'subscribe', id: 3, filters: Array.from({ length: 101 }, (_, i) => `f/${i}`) }),
  (random) => ({ type: 'unsubscribe', id: 4, filters: [random.pick(TEXTS)] }),
  () => ({ type: 'ping' }),
  (random) => ({
    type: 'bind',
    id: 6,
    clientId: random.pick(TEXTS),
    auth: { type: 'basic', username: 'nobody', password: 'x' },
  }),
  () => ({ type: 'welcome', id: 7 }),
];

function textOf(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
