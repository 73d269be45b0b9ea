import type { Random } from '../torture/random.js';
import { payload, property, raw, text, uint16, uint32, varint, type Field, type PacketTree } from './packet-tree.js';

export type Version = 3 | 4 | 5;

/** Who a fuzzer says it is. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** How many client ids there are, so that no more sessions and entries of presence stay behind. */
const NAMES = 64;
/** Sessions that never expire are few: every one of them is owed what all the others publish. */
const DURABLE_NAMES = 4;

/** Where fuzzers publish and subscribe, all of it below `f/`, so that they meet each other and nobody else. */
const TOPICS = ['f/a', 'f/a/b', 'f/b', 'f/ü/溫', 'f//', 'f/a/b/c/d/e/f', 'f/retained', 'f/large'];
const FILTERS = [...TOPICS, 'f/#', 'f/+', 'f/+/b', 'f/a/#', '$share/g/f/+', '$share/g/f/#', '$share/h/f/a'];
const FOREIGN = ['#', '+/+', '$SYS/#', '$SYS/broker/uptime', 'by/stander', '/', '$share/g/#', 'x'.repeat(300)];
const QOS = [0, 1, 2] as const;

/** CONNECT as somebody sends it who may come in. */
export function validConnect(random: Random, version: Version, who: Credentials): PacketTree {
  const isClean = random.chance(version === 5 ? 0.6 : 0.9);
  const hasWill = random.chance(0.4);
  const willQos = random.pick(QOS);
  const willRetain = random.chance(0.1);
  const flags = (isClean ? 2 : 0) | (hasWill ? 4 | (willQos << 3) | (willRetain ? 32 : 0) : 0) | 64 | 128;
  const will = [
    ...(version === 5 ? [list([...messageProperties(random), property(0x18, uint32(random.pick([0, 1, 2])))])] : []),
    text(random.pick(TOPICS)),
    text('will'),
  ];
  return {
    header: 0x10,
    fields: [
      text(version === 3 ? 'MQIsdp' : 'MQTT'),
      raw(version, flags),
      uint16(random.pick([0, 10, 60, 65_535])),
      ...(version === 5 ? [list(connectProperties(random))] : []),
      text(isClean || version === 5 ? clientId(random) : `fuzz-durable-${random.between(1, DURABLE_NAMES)}`),
      ...(hasWill ? will : []),
      text(who.username),
      text(who.password),
    ],
  };
}

const SCRAM = property(0x15, text('SCRAM-SHA-256'));

/** CONNECT that begins an exchange of AUTH packets [MQTT5 4.12]. */
export function scramConnect(random: Random, { username }: Credentials): PacketTree {
  const first = property(0x16, text(`n,,n=${username},r=${random.between(1, 1e9)}`));
  const properties = list([SCRAM, first, ...connectProperties(random)]);
  return { header: 0x10, fields: [text('MQTT'), raw(5, 2), uint16(60), properties, text(clientId(random))] };
}

/** AUTH as it goes on from there, or begins anew. The proof is a guess. */
export function scramAuth(random: Random): PacketTree {
  const proof = random.pick([
    'c=biws,r=1,p=AAAA',
    'c=biws,r=1',
    'n,,n=fuzz,r=abc',
    '',
    'c=biws,r=1,p=' + 'A'.repeat(60_000),
  ]);
  const fields = [SCRAM, property(0x16, text(proof)), ...userProperties(random)];
  return { header: 0xf0, fields: [raw(random.pick([0x18, 0x19, 0])), list(fields)] };
}

/** One of a few. */
export function clientId(random: Random): string {
  return `fuzz-${random.between(1, NAMES)}`;
}

/** What a client may send once it is let in. */
export function validPacket(random: Random, version: Version): PacketTree {
  const roll = random.next();
  if (roll < 0.4) return publish(random, version);
  if (roll < 0.55) return subscribe(random, version);
  if (roll < 0.6) return unsubscribe(random, version);
  if (roll < 0.9) return acknowledgement(random, version);
  if (roll < 0.95) return { header: 0xc0, fields: [] };
  if (roll < 0.98 || version !== 5) return disconnect(random, version);
  return scramAuth(random);
}

/** A property that some packet may have, for those that may not. */
export function anyProperty(random: Random): Field {
  const id = random.pick([
    1, 2, 3, 8, 9, 11, 17, 18, 19, 21, 22, 23, 24, 25, 26, 28, 31, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
  ]);
  const byte = () => raw(random.between(0, 2));
  const values: Record<number, () => Field[]> = {
    2: () => [uint32(random.between(0, 5))],
    11: () => [payload(varint(random.pick([0, 1, 127, 128, 268_435_455])))],
    17: () => [uint32(random.between(0, 2))],
    19: () => [uint16(10)],
    24: () => [uint32(0)],
    33: () => [uint16(random.between(0, 3))],
    34: () => [uint16(random.between(0, 3))],
    35: () => [uint16(random.between(0, 40))],
    38: () => [text('name'), text('value')],
    39: () => [uint32(random.pick([0, 1, 20, 1000]))],
  };
  const isByte = [1, 23, 25, 36, 37, 40, 41, 42].includes(id);
  return property(id, ...(values[id]?.() ?? (isByte ? [byte()] : [text('some text')])));
}

function publish(random: Random, version: Version): PacketTree {
  const qos = random.pick(QOS);
  const dup = qos > 0 && random.chance(0.2) ? 8 : 0;
  const retain = random.chance(0.1) ? 1 : 0;
  const alias = random.chance(0.2) ? [property(0x23, uint16(random.between(1, 4)))] : [];
  const topic = alias.length > 0 && random.chance(0.4) ? '' : random.pick(random.chance(0.05) ? FOREIGN : TOPICS);
  const size = random.pick([0, 1, 10, 100, 127, 128, 2000, 20_000]);
  return {
    header: 0x30 | dup | (qos << 1) | retain,
    fields: [
      text(version === 5 ? topic : topic || 'f/a'),
      ...(qos > 0 ? [uint16(random.between(1, 5))] : []),
      ...(version === 5 ? [list([...messageProperties(random), ...alias])] : []),
      payload(Buffer.alloc(random.chance(0.9) ? Math.min(size, 100) : size, 'payload')),
    ],
  };
}

function subscribe(random: Random, version: Version): PacketTree {
  const filters = Array.from({ length: random.between(1, 3) }, () =>
    random.pick(random.chance(0.1) ? FOREIGN : FILTERS),
  );
  const options = () => random.pick(QOS) | (version === 5 ? random.pick([0, 4, 8, 16, 32]) : 0);
  const identifier = random.chance(0.3) ? [property(11, payload(varint(random.pick([1, 200, 268_435_455]))))] : [];
  return {
    header: 0x82,
    fields: [
      uint16(random.between(1, 9)),
      ...(version === 5 ? [list([...identifier, ...userProperties(random)])] : []),
      ...filters.flatMap((filter) => [text(filter), raw(options())]),
    ],
  };
}

function unsubscribe(random: Random, version: Version): PacketTree {
  const filters = Array.from({ length: random.between(1, 3) }, () => text(random.pick(FILTERS)));
  const properties = version === 5 ? [list(userProperties(random))] : [];
  return { header: 0xa2, fields: [uint16(random.between(1, 9)), ...properties, ...filters] };
}

/** For packet ids that are small, so that now and then there is something to be acknowledged. */
function acknowledgement(random: Random, version: Version): PacketTree {
  const type = random.pick([4, 5, 6, 7]);
  const isLong = version === 5 && random.chance(0.4);
  const code = random.pick([0, 0, 0x10, 0x80, 0x92, 0x97]);
  const properties = random.chance(0.5) ? [list([property(0x1f, text('because')), ...userProperties(random)])] : [];
  return {
    header: (type << 4) | (type === 6 ? 2 : 0),
    fields: [uint16(random.between(1, 6)), ...(isLong ? [raw(code), ...properties] : [])],
  };
}

function disconnect(random: Random, version: Version): PacketTree {
  if (version !== 5 || random.chance(0.3)) return { header: 0xe0, fields: [] };
  const expiry = random.chance(0.5) ? [property(0x11, uint32(random.between(0, 2)))] : [];
  return {
    header: 0xe0,
    fields: [raw(random.pick([0, 4, 0x80, 0x93])), list([...expiry, ...userProperties(random)])],
  };
}

function connectProperties(random: Random): Field[] {
  return some(random, [
    property(0x11, uint32(random.pick([0, 1, 2, 3]))),
    property(0x21, uint16(random.pick([1, 2, 10, 65_535]))),
    property(0x27, uint32(random.pick([200, 1000, 1_000_000]))),
    property(0x22, uint16(random.pick([0, 1, 10]))),
    property(0x19, raw(random.between(0, 1))),
    property(0x17, raw(random.between(0, 1))),
    ...userProperties(random),
  ]);
}

function messageProperties(random: Random): Field[] {
  return some(random, [
    property(0x01, raw(0)),
    property(0x02, uint32(random.pick([0, 1, 60]))),
    property(0x03, text('text/plain')),
    property(0x08, text(random.pick(TOPICS))),
    property(0x09, text(Buffer.from([0, 1, 255]))),
    ...userProperties(random),
  ]);
}

function userProperties(random: Random): Field[] {
  return Array.from({ length: random.pick([0, 0, 1, 3]) }, () => property(0x26, text('name'), text('wert-ü')));
}

function some(random: Random, fields: readonly Field[]): Field[] {
  const share = random.pick([0, 0.2, 0.6]);
  return fields.filter(() => random.chance(share));
}

function list(items: readonly Field[]): Field {
  return { kind: 'list', items };
}
