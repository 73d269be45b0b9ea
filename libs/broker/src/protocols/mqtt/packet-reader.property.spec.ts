import fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { anyClientPacket, anyConnect, bytesOf } from '../../testing/packet-arbitraries.js';
import { runs } from '../../testing/property-runs.js';
import { readConnectPacket } from './connect-reader.js';
import { readFast } from '../../testing/read-fast.js';
import type { MqttVersion } from './packet-codec.js';
import { readPacket } from './packet-reader.js';

const versions = fc.constantFrom<MqttVersion>(3, 4, 5);
const anyPacket = versions.chain((version) =>
  fc.record({ version: fc.constant(version), packet: anyClientPacket(version) }),
);

/** What mqtt-packet makes of the bytes, or null where it refuses them. */
function byOthers(bytes: Buffer, version: MqttVersion): Packet | null {
  const parser = mqttPacket.parser({ protocolVersion: version });
  let packet: Packet | null = null;
  let hasFailed = false;
  parser.on('packet', (parsed) => (packet = parsed));
  parser.on('error', () => (hasFailed = true));
  const left = parser.parse(bytes);
  return hasFailed || left > 0 ? null : packet;
}

/** What mqtt-packet notes with every packet, and what only it or only we call by a name. */
const BESIDE = new Set(['length', 'protocolId', 'bridgeMode', 'isBridge']);
/** Of the fixed header: they are told of a PUBLISH and of a will only. */
const FLAGS = new Set(['qos', 'dup', 'retain']);

/** Whose properties are checked, and told to nobody. */
const TACITURN = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'unsubscribe'];

/** A packet of either reader, without whatever is empty. */
function meaning(packet: object): unknown {
  const cmd = 'cmd' in packet ? (packet.cmd as string) : '';
  const told = Object.entries(packet).filter(
    ([name]) =>
      !BESIDE.has(name) &&
      (cmd === 'publish' || !FLAGS.has(name)) &&
      (name !== 'properties' || !TACITURN.includes(cmd)),
  );
  return withoutEmpty(Object.fromEntries(told));
}

function withoutEmpty(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value || undefined;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
    const isPairs = name === 'userProperties' && Array.isArray(field);
    return [name, withoutEmpty(isPairs ? groups(field as [string, string][]) : field)];
  });
  const told = fields.filter(([, field]) => field !== undefined);
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

/** User properties as mqtt-packet groups them; an empty value that comes first is lost there to what follows it. */
function groups(pairs: readonly [string, string][]): Record<string, string | string[]> {
  const grouped = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of pairs) grouped[name] = grouped[name] ? [grouped[name], value].flat() : value;
  return grouped;
}

/** Bytes with one of them changed, though not those that the framer has cut the packet by. */
function withOneChanged(bytes: Buffer, at: number, byte: number): Buffer {
  const changed = Buffer.from(bytes);
  const start = bytes.length > 16_386 ? 4 : bytes.length > 129 ? 3 : 2;
  if (bytes.length > start) changed[start + (at % (bytes.length - start))] = byte;
  return changed;
}

test('whatever a client may send is read as mqtt-packet reads it', () => {
  fc.assert(
    fc.property(anyPacket, ({ packet, version }) => {
      const bytes = bytesOf(packet, version);
      const read = readPacket(bytes, version);
      // mqtt-packet lets a client say what only a server says.
      const isServersWord = 'reasonCode' in packet && packet.reasonCode === 0x10;
      const expected = isServersWord ? 'protocol-error' : meaning(byOthers(bytes, version)!);
      expect(typeof read === 'string' ? read : meaning(read)).toEqual(expected);
    }),
    runs(2000),
  );
});

test('a packet with a byte changed is refused, or read as mqtt-packet reads it', () => {
  fc.assert(
    fc.property(anyPacket, fc.nat(), fc.nat({ max: 255 }), ({ packet, version }, at, byte) => {
      const bytes = withOneChanged(bytesOf(packet, version), at, byte);
      const read = readPacket(bytes, version);
      if (typeof read !== 'string') expect(meaning(read)).toEqual(meaning(byOthers(bytes, version)!));
    }),
    runs(2000),
  );
});

test('the fast path reads a packet as the slow one does, or leaves it to that', () => {
  fc.assert(
    fc.property(anyPacket, fc.nat(), fc.nat({ max: 255 }), ({ packet, version }, at, byte) => {
      const bytes = withOneChanged(bytesOf(packet, version), at, byte);
      const fast = readFast(bytes, version);
      if (fast) expect(meaning(fast)).toEqual(meaning(readPacket(bytes, version) as object));
    }),
    runs(2000),
  );
});

test('a CONNECT is read as mqtt-packet reads it', () => {
  const connects = versions.chain((version) => anyConnect(version));
  fc.assert(
    fc.property(connects, (packet) => {
      const bytes = bytesOf(packet, packet.protocolVersion ?? 4);
      const read = readConnectPacket(bytes);
      expect(read.refusal).toBeUndefined();
      expect(meaning('packet' in read ? read.packet : {})).toEqual(meaning(byOthers(bytes, 4)!));
    }),
    runs(1000),
  );
});

test('a CONNECT with a byte changed is refused, or read as mqtt-packet reads it', () => {
  const connects = versions.chain((version) => anyConnect(version));
  fc.assert(
    fc.property(connects, fc.nat(), fc.nat({ max: 255 }), (packet, at, byte) => {
      const bytes = withOneChanged(bytesOf(packet, packet.protocolVersion ?? 4), at, byte);
      const read = readConnectPacket(bytes);
      // MQTT 3.1 gives no meaning to what it does not use, and lets a packet end early; mqtt-packet does not.
      if (read.refusal !== undefined || read.packet.protocolVersion === 3) return;
      expect(meaning(read.packet)).toEqual(meaning(byOthers(bytes, 4)!));
    }),
    runs(2000),
  );
});
