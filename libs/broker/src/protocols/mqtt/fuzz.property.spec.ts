import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MqttClient, mqttClient, newBroker, type TestBroker } from '../../testing/index.js';
import { anyClientPacket, anyConnect, bytesOf } from '../../testing/packet-arbitraries.js';
import { PATIENCE_MS, runs } from '../../testing/property-runs.js';
import type { MqttVersion } from './packet-codec.js';

/** What may happen to the bytes of a packet on their way. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('bit' as const), at: fc.nat(), bit: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), byte: fc.nat({ max: 255 }) }),
  // The first bytes say what it is and how long, so they are worth more attempts than the others.
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat({ max: 12 }), byte: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

/** The packet after the mutation; with its length put right, where that is wanted, so that it comes through the framer. */
function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = bytes.length === 0 ? 0 : change.at % bytes.length;
  switch (change.kind) {
    case 'bit':
    case 'byte': {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at] = change.kind === 'bit' ? changed[at]! ^ (1 << change.bit) : change.byte;
      return changed;
    }
    case 'cut':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + change.count)]);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at)]);
    case 'end':
      return bytes.subarray(0, at);
  }
}

function withTrueLength(packet: Buffer): Buffer {
  let start = 1;
  while (start < 5 && (packet[start] ?? 0) >= 0x80) start++;
  const body = packet.subarray(start + 1);
  const length: number[] = [];
  let left = body.length;
  do length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  while ((left >>>= 7) > 0);
  return Buffer.concat([packet.subarray(0, 1), Buffer.from(length), body]);
}

function anyInput(version: MqttVersion): fc.Arbitrary<Buffer> {
  const packet = fc.oneof(
    { weight: 9, arbitrary: anyClientPacket(version) },
    { weight: 1, arbitrary: anyConnect(version) },
  );
  return fc
    .tuple(packet, fc.array(mutation, { maxLength: 3 }), fc.boolean())
    .map(([packet, mutations, isLengthTrue]) => {
      const bytes = mutations.reduce(mutate, bytesOf(packet, version));
      return isLengthTrue && mutations.length > 0 ? withTrueLength(bytes) : bytes;
    });
}

const conversation = fc.constantFrom<MqttVersion>(3, 4, 5).chain((version) =>
  fc.record({
    version: fc.constant(version),
    opening: fc.oneof(
      { weight: 6, arbitrary: fc.constant('let in' as const) },
      { weight: 2, arbitrary: anyConnect(version) },
      { weight: 1, arbitrary: fc.constant('none' as const) },
    ),
    inputs: fc.array(anyInput(version), { minLength: 1, maxLength: 12, size: 'max' }),
    cuts: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
    pauseMs: fc.constantFrom(0, 0, 1000, 60_000),
    isCut: fc.boolean(),
  }),
);

/** Two clients that talk to each other at each QoS, whatever others do. */
function bystanders(it: TestBroker) {
  const reader = mqttClient(it, { clientId: 'reader' }).subscribe('by/stander', { qos: 2 });
  const writer = mqttClient(it, { clientId: 'writer' });
  let sent = 0;
  return () => {
    for (const qos of [0, 1, 2] as const) {
      const text = String(++sent);
      const before = reader.received('publish').length;
      writer.publish('by/stander', text, { qos });
      const came = reader.received('publish');
      expect(came).toHaveLength(before + 1);
      expect([came.at(-1)!.qos, came.at(-1)!.payload.toString()]).toEqual([qos, text]);
      const messageId = came.at(-1)!.messageId!;
      if (qos === 1) reader.send({ cmd: 'puback', messageId });
      if (qos === 2) {
        reader.send({ cmd: 'pubrec', messageId }).send({ cmd: 'pubcomp', messageId });
        writer.send({ cmd: 'pubrel', messageId: writer.last('pubrec')!.messageId! });
      }
    }
    reader.packets.length = 0;
    writer.packets.length = 0;
  };
}

/** The pieces that the bytes come in: those lengths first, then the rest. */
function* pieces(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const length of cuts) yield bytes.subarray(at, (at += length));
  yield bytes.subarray(at);
}

/** Lets what waits for a promise go on. */
async function settle(it: TestBroker): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  it.clock.turn();
}

test(
  'whatever bytes come, in whatever pieces: no fault of our own, nobody else disturbed, nothing left behind',
  { timeout: PATIENCE_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async ({ version, opening, inputs, cuts, pauseMs, isCut }) => {
        const it = newBroker();
        const goOn = bystanders(it);
        const client = new MqttClient(it, { protocolVersion: version, clientId: 'fuzzer' });
        if (opening === 'let in') client.connect();
        else if (opening !== 'none') client.send(opening);
        for (const piece of pieces(Buffer.concat(inputs), cuts)) client.sendBytes(Buffer.from(piece));
        if (pauseMs > 0) it.clock.advance(pauseMs);
        await settle(it);
        if (isCut) client.drop();
        else client.send({ cmd: 'disconnect' }).drop();
        await settle(it);
        expect(it.faults).toEqual([]);
        expect(it.broker.counters.refusals['internal-error']).toBe(undefined);
        expect([...it.broker.sessions].filter(({ isClosed }) => isClosed)).toEqual([]);
        expect(it.broker.counters.linksOpened - it.broker.counters.linksClosed).toBe(2);
        goOn();
        await it.broker.close();
        expect(it.faults).toEqual([]);
      }),
      runs(600),
    );
  },
);
