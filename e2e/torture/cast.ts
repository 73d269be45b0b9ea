import { Actor, type Part } from './actor.js';
import type { Player, Stage } from './player.js';
import type { Random } from './random.js';
import type { Subscription } from './strict-session.js';

const AREAS = ['a', 'b', 'c'];
const TOPICS_EACH = 3;

/** What differs from a plain part. */
type Traits = Partial<Part> & Pick<Part, 'version'>;

const PUBLISHERS: readonly Traits[] = [
  { version: 4 },
  { version: 5 },
  { version: 5, life: 'flapping' },
  { version: 4, life: 'takeover' },
  { version: 5, life: 'takeover', window: 4, packetIds: { first: 1, last: 8, start: 1 } },
  { version: 4, life: 'flapping', packetIds: { first: 1, last: 65_535, start: 65_500 } },
  { version: 5, isDurable: false, life: 'flapping' },
  { version: 4, isDurable: false },
];

const SUBSCRIBERS: readonly Traits[] = [
  { version: 4 },
  { version: 5 },
  { version: 5, receiveMaximum: 1, slownessMs: 5 },
  { version: 4, slownessMs: 50 },
  { version: 4, life: 'mostly-offline' },
  { version: 5, life: 'mostly-offline', receiveMaximum: 3 },
  { version: 5, life: 'mostly-offline' },
  { version: 4, life: 'flapping' },
  { version: 5, life: 'flapping' },
  { version: 5, life: 'flapping', receiveMaximum: 5, slownessMs: 30 },
  { version: 4, life: 'takeover' },
  { version: 5, life: 'takeover' },
  { version: 4, isFickle: true },
  { version: 5, isFickle: true, life: 'flapping' },
  { version: 4, isForgetful: true, life: 'flapping' },
  { version: 5, isForgetful: true, life: 'takeover' },
];

const GROUPS: readonly { readonly qos: 1 | 2; readonly members: readonly Traits[] }[] = [
  { qos: 1, members: [{ version: 5 }, { version: 5, life: 'flapping' }, { version: 5, life: 'mostly-offline' }] },
  {
    qos: 2,
    members: [
      { version: 5, life: 'takeover' },
      { version: 5, life: 'flapping', receiveMaximum: 2 },
      { version: 5, life: 'mostly-offline' },
      { version: 4, life: 'flapping' },
    ],
  },
  {
    qos: 2,
    members: [
      { version: 5 },
      { version: 5, life: 'flapping', isForgetful: true },
      { version: 4, life: 'mostly-offline', isForgetful: true },
    ],
  },
];

/** Strict devices of all kinds, who publish so many messages together. */
export function castActors(perSecond: number): (stage: Stage, random: Random) => Player[] {
  return (stage, random) =>
    castParts(random, perSecond).map((part) => new Actor(part, stage, random.fork(part.clientId)));
}

/** Everybody who takes part: who publishes, who listens, who shares; filters and QoS by chance. */
function castParts(random: Random, perSecond: number): Part[] {
  const topics = PUBLISHERS.map((_, at) => topicsOf(`p${at}`, random));
  const publishers = PUBLISHERS.map((traits, at) => {
    const output = { topics: topics[at]!, perSecond: perSecond / PUBLISHERS.length };
    return part({ clientId: `p${at}`, window: random.pick([1, 5, 20, 20, 60]), ...traits, output });
  });
  const all = topics.flat();
  const listeners = SUBSCRIBERS.map((traits, at) =>
    part({ clientId: `s${at}`, ...traits, subscriptions: pickSubscriptions(random, all) }),
  );
  // One of each kind speaks, too.
  const both = ([4, 5] as const).map((version) =>
    part({
      clientId: `b${version}`,
      version,
      life: 'flapping',
      subscriptions: pickSubscriptions(random, all),
      output: { topics: topicsOf(`b${version}`, random), perSecond: perSecond / PUBLISHERS.length },
    }),
  );
  const members = GROUPS.flatMap(({ qos, members }, group) => {
    const filter = `$share/g${group}/${random.pick(['t/#', `t/${random.pick(AREAS)}/#`, 't/+/+/1'])}`;
    return members.map((traits, at) => {
      const identifier = traits.version === 5 ? 7 : null;
      return part({ clientId: `g${group}m${at}`, ...traits, subscriptions: [{ filter, qos, identifier }] });
    });
  });
  return [...publishers, ...listeners, ...both, ...members];
}

function part(traits: Traits & { readonly clientId: string }): Part {
  return {
    isDurable: true,
    window: 20,
    receiveMaximum: null,
    packetIds: { first: 1, last: 65_535, start: 1 },
    life: 'steady',
    subscriptions: [],
    isFickle: false,
    isForgetful: false,
    output: null,
    slownessMs: 0,
    ...traits,
    ...(traits.version === 4 && { subscriptions: (traits.subscriptions ?? []).map(withoutIdentifier) }),
  };
}

function topicsOf(publisher: string, random: Random): string[] {
  return Array.from({ length: TOPICS_EACH }, (_, at) => `t/${random.pick(AREAS)}/${publisher}/${at}`);
}

/** One to four filters, wide and narrow ones, which overlap as chance has it. */
function pickSubscriptions(random: Random, topics: readonly string[]): Subscription[] {
  const filters = new Set(Array.from({ length: random.between(1, 4) }, () => pickFilter(random, topics)));
  return [...filters].map((filter, at) => ({ filter, qos: random.pick([1, 2] as const), identifier: at + 1 }));
}

function pickFilter(random: Random, topics: readonly string[]): string {
  const topic = random.pick(topics);
  const [root, area, publisher, number] = topic.split('/');
  return random.pick([
    topic,
    topic,
    `${root}/${area}/#`,
    `${root}/+/${publisher}/#`,
    `${root}/+/${publisher}/+`,
    `${root}/+/+/${number}`,
    `${root}/#`,
  ]);
}

function withoutIdentifier(subscription: Subscription): Subscription {
  return { ...subscription, identifier: null };
}
