import mqttPacket, { type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { acceptMqtt } from './protocols/mqtt/accept-mqtt.js';
import { allocatedWhile } from './testing/allocations.js';
import { CountingLink } from './testing/counting-link.js';
import { aPolicy, newBroker, type TestBroker } from './testing/index.js';

// What a message costs, counted: these figures are the same on every machine, and whoever makes one worse is told.

const MESSAGES = 200;

interface Costs {
  readonly it: TestBroker;
  readonly judged: () => number;
  readonly matched: () => number;
}

/** A broker that counts how often it asks what may be published, and to whom it goes. */
function counted(): Costs {
  const it = newBroker();
  const { policy, subscriptions } = it.broker;
  let judged = 0;
  let matched = 0;
  it.broker.policy = {
    ...policy,
    grantsFor: (...args: Parameters<typeof policy.grantsFor>) => {
      const grants = policy.grantsFor(...args);
      const publish = grants.publish.bind(grants);
      grants.publish = (topic) => (judged++, publish(topic));
      return grants;
    },
  };
  const match = subscriptions.match.bind(subscriptions);
  subscriptions.match = (topic) => (matched++, match(topic));
  return { it, judged: () => judged, matched: () => matched };
}

function client({ it }: Costs, subscription?: { readonly topic: string; readonly qos: 0 | 1 | 2 }, version: 4 | 5 = 4) {
  const link = new CountingLink();
  acceptMqtt(it.broker, link);
  const bytesOf = (packet: Packet) => mqttPacket.generate(packet, { protocolVersion: version });
  const clientId = `client-${it.broker.counters.linksOpened}`;
  link.deliver(
    bytesOf({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: version, clean: true, keepalive: 0, clientId }),
  );
  if (subscription) link.deliver(bytesOf({ cmd: 'subscribe', messageId: 1, subscriptions: [subscription] }));
  it.clock.turn();
  link.writes = [];
  return link;
}

/** PUBLISH packets back to back, as one read of a socket brings them. */
function chunkOf(qos: 0 | 1 | 2, { count = MESSAGES, version = 4, properties = {}, topics = 1 } = {}): Buffer {
  const packets = Array.from({ length: count }, (_, i) => {
    const publish = {
      cmd: 'publish' as const,
      topic: `plant/${(i % topics) + 1}/temperature`,
      payload: Buffer.from(`value ${i}`),
    };
    const flags = { qos, dup: false, retain: false, messageId: i + 1 };
    return mqttPacket.generate({ ...publish, ...flags, properties }, { protocolVersion: version });
  });
  const chunk = Buffer.alloc(packets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const packet of packets) at += packet.copy(chunk, at);
  return chunk;
}

const said = { messageExpiryInterval: 60, contentType: 'text/plain', userProperties: { unit: 'C' } };

test.each([
  ['of MQTT 4', 4, {}],
  ['of MQTT 5', 5, {}],
  ['of MQTT 5 with properties', 5, said],
] as const)('QoS 0 between clients %s: one write a turn, nothing copied', (_, version, properties) => {
  const costs = counted();
  const subscriber = client(costs, { topic: 'plant/+/temperature', qos: 0 }, version);
  const publisher = client(costs, undefined, version);
  const chunk = chunkOf(0, { version, properties });
  for (let i = 0; i < 3; i++) {
    publisher.deliver(chunk);
    costs.it.clock.turn();
  }
  expect(subscriber.writes).toHaveLength(3);
  for (const [piece, ...others] of subscriber.writes) {
    expect(others).toEqual([]);
    expect(piece!.buffer).toBe(chunk.buffer);
    expect(piece!.equals(chunk)).toBe(true);
  }
  expect(publisher.writes).toEqual([]);
  expect([costs.judged(), costs.matched()]).toEqual([1, 1]);
});

test('with a topic alias: one write a turn, in one piece of a slab that holds little else', () => {
  const costs = counted();
  const subscribers = [0, 1].map(() => client(costs, { topic: 'plant/#', qos: 0 }, 5));
  const publisher = client(costs, undefined, 5);
  publisher.deliver(chunkOf(0, { version: 5, properties: { ...said, topicAlias: 1 } }));
  costs.it.clock.turn();
  const written = subscribers.map(({ writes }) => writes);
  expect(written.map((writes) => writes.length)).toEqual([1, 1]);
  const [piece, ...others] = written[0]![0]!;
  expect(others).toEqual([]);
  expect(written[1]).toEqual([[piece]]);
  expect(written[1]![0]![0]).toBe(piece);
  expect(piece!.buffer.byteLength).toBeLessThan(piece!.length * 1.01);
  expect(piece!.equals(chunkOf(0, { version: 5, properties: said }))).toBe(true);
});

test('a fan-out writes once to each, and all of them the same bytes', () => {
  const costs = counted();
  const subscribers = Array.from({ length: 50 }, () => client(costs, { topic: 'plant/#', qos: 0 }));
  const chunk = chunkOf(0, { count: 4 });
  client(costs).deliver(chunk);
  costs.it.clock.turn();
  const written = subscribers.flatMap(({ writes }) => writes);
  expect(written).toHaveLength(50);
  expect(new Set(written.flat()).size).toBe(1);
  expect(written[0]![0]!.equals(chunk)).toBe(true);
  expect([costs.judged(), costs.matched()]).toEqual([1, 1]);
});

test.each([1, 2] as const)('QoS %i: one write a turn to each side, acknowledgements included', (qos) => {
  const costs = counted();
  const subscriber = client(costs, { topic: 'plant/#', qos });
  const publisher = client(costs);
  publisher.deliver(chunkOf(qos));
  costs.it.clock.turn();
  expect([publisher.writes.length, subscriber.writes.length]).toEqual([1, 1]);
  expect([publisher.writes[0], subscriber.writes[0]].map((buffers) => buffers!.length)).toEqual([1, 1]);
  expect(publisher.writes[0]![0]!.length).toBe(4 * MESSAGES);
  expect([costs.judged(), costs.matched()]).toEqual([1, 1]);
});

test('publishers that take turns are judged once each, and a subscription elsewhere changes nothing', () => {
  const costs = counted();
  client(costs, { topic: 'plant/#', qos: 0 });
  const publishers = Array.from({ length: 10 }, () => client(costs));
  const chunk = chunkOf(0, { count: 1 });
  for (let i = 0; i < 20; i++) {
    for (const publisher of publishers) publisher.deliver(chunk);
    client(costs, { topic: `elsewhere/${i}/+`, qos: 0 });
  }
  expect([costs.judged(), costs.matched()]).toEqual([10, 1]);
});

const WARM_UP = 200;
const TURNS = 100;

/** What the heap is asked for on the way of one message: in bytes, freed or not. */
async function bytesPerMessage(
  qos: 0 | 1 | 2,
  options: { readonly version?: 4 | 5; readonly properties?: object; readonly topics?: number } = {},
): Promise<number> {
  const costs = counted();
  const { version = 4 } = options;
  const subscriber = client(costs, { topic: 'plant/#', qos }, version);
  const publisher = client(costs, undefined, version);
  const chunk = chunkOf(qos, { ...options, version });
  const acks = Buffer.concat(
    Array.from({ length: MESSAGES }, (_, i) => mqttPacket.generate({ cmd: 'puback', messageId: i + 1 })),
  );
  const turn = () => {
    publisher.deliver(chunk);
    costs.it.clock.turn();
    if (qos === 1) subscriber.deliver(renumbered(acks, subscriber.writes));
    subscriber.writes = [];
    publisher.writes = [];
  };
  for (let i = 0; i < WARM_UP; i++) turn();
  const bytes = await allocatedWhile(() => {
    for (let i = 0; i < TURNS; i++) turn();
  });
  expect(costs.it.broker.counters.messagesSent).toBe((WARM_UP + TURNS) * MESSAGES);
  return bytes / (TURNS * MESSAGES);
}

/** Acknowledges what was sent: the packet ids go on from turn to turn. */
function renumbered(acks: Buffer, writes: CountingLink['writes']): Buffer {
  const bytes = Buffer.concat(writes.flat());
  for (let at = 0, ack = 0; at < bytes.length; ack++) {
    const topicEnd = at + 4 + bytes.readUInt16BE(at + 2);
    acks.writeUInt16BE(bytes.readUInt16BE(topicEnd), ack * 4 + 2);
    at += 2 + (bytes[at + 1] as number);
  }
  return acks;
}

test.each<[string, 0 | 1, Parameters<typeof bytesPerMessage>[1], number]>([
  ['QoS 0', 0, {}, 500],
  ['QoS 0 from one topic to the next', 0, { topics: MESSAGES }, 600],
  ['QoS 0 of MQTT 5', 0, { version: 5 }, 500],
  ['QoS 0 with properties', 0, { version: 5, properties: said }, 500],
  ['QoS 0 with a topic alias', 0, { version: 5, properties: { ...said, topicAlias: 1 } }, 550],
  ['QoS 1 with both acknowledgements', 1, {}, 850],
])('%s asks the heap for few bytes', async (_, qos, options, limitBytes) => {
  expect(await bytesPerMessage(qos, options)).toBeLessThan(limitBytes);
});

const CONNECTS = 1_000;

test.each([4, 5] as const)('a connect of MQTT %i asks the heap for few bytes', async (protocolVersion) => {
  const { it } = counted();
  const said = { protocolId: 'MQTT', protocolVersion, clean: true, username: 'meter' } as const;
  const coming = Array.from({ length: 2 * CONNECTS }, (_, i) => {
    const link = new CountingLink();
    acceptMqtt(it.broker, link);
    const bytes = mqttPacket.generate({ cmd: 'connect', ...said, clientId: `meter-${i}` }, { protocolVersion });
    return () => link.deliver(bytes);
  });
  for (const come of coming.splice(0, CONNECTS)) come();
  const bytes = await allocatedWhile(() => {
    for (const come of coming) come();
  });
  expect(it.broker.sessions.size).toBe(2 * CONNECTS);
  expect(bytes / CONNECTS).toBeLessThan(5_000);
});

const SUBSCRIBERS = 100;
const FILTERS = 100;
/** V8 compiles beside the test: the count is that of compiled code, which has to be there by then on a busy machine, too. */
const FILTER_WARM_UP = 5 * SUBSCRIBERS;

/** As an installation has it: a denial for all among rules for others, and one that lets it be. */
function filterPolicy() {
  const everybody = { subject: 'everyone', value: '*', access: 'pubsub' } as const;
  return aPolicy(
    ...Array.from({ length: 20 }, (_, i) => ({ ...everybody, effect: 'deny' as const, topics: [`secret/${i}/#`] })),
    { ...everybody, effect: 'allow', topics: ['plant/#'] },
  );
}

test('a filter that is subscribed to asks the heap for few bytes', async () => {
  const costs = counted();
  costs.it.broker.policy = filterPolicy();
  const coming = Array.from({ length: FILTER_WARM_UP + SUBSCRIBERS }, (_, i) => {
    const topics = Array.from({ length: FILTERS }, (_, k) => ({ topic: `plant/${i}/+/${k}`, qos: 0 as const }));
    const bytes = mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions: topics });
    const link = client(costs);
    return () => link.deliver(bytes);
  });
  for (const come of coming.splice(0, FILTER_WARM_UP)) come();
  const bytes = await allocatedWhile(() => {
    for (const come of coming) come();
  });
  expect(costs.it.broker.subscriptions.size).toBe((FILTER_WARM_UP + SUBSCRIBERS) * FILTERS);
  expect(bytes / (SUBSCRIBERS * FILTERS)).toBeLessThan(1_150);
});

test('a publish that is refused, and told, asks the heap for few bytes', async () => {
  const costs = counted();
  costs.it.broker.policy = aPolicy();
  let told = 0;
  costs.it.broker.observe({ refused: () => told++ });
  const publisher = client(costs, undefined, 5);
  const chunk = chunkOf(1, { version: 5 });
  for (let i = 0; i < 5; i++) publisher.deliver(chunk);
  const bytes = await allocatedWhile(() => {
    for (let i = 0; i < 5; i++) publisher.deliver(chunk);
  });
  expect(told).toBe(10 * MESSAGES);
  expect(bytes / (5 * MESSAGES)).toBeLessThan(5_800);
});
