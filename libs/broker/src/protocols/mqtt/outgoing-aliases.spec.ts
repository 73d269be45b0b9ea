import fc from 'fast-check';
import mqttPacket, { type IPublishPacket } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { controlFrame, shapeOf, SharedFrames, type Frame } from '../../frame.js';
import type { Message, Qos } from '../../message.js';
import { outgoingList } from '../../testing/outgoing-list.js';
import { runs } from '../../testing/property-runs.js';
import { writeAck } from './fast-packets.js';
import { OutgoingAliases } from './outgoing-aliases.js';
import { mqtt5Format } from './publish-format.js';

const NO_BOUND = Number.POSITIVE_INFINITY;

interface Parts {
  payload?: string;
  qos?: Qos;
  contentType?: string;
}

function aFrame(topic: string, { payload = 'x', qos = 0, contentType = '' }: Parts = {}): Frame {
  const message: Message = {
    topic,
    payload: Buffer.from(payload),
    qos,
    retain: false,
    properties: contentType === '' ? null : { contentType },
    publisher: 'p',
    receivedAt: 0,
    expiresAt: null,
  };
  return mqtt5Format.encode(new SharedFrames(message, 0), shapeOf(qos, false), null) as Frame;
}

/** A client that takes aliases: what it makes of everything it is sent, by the rules of the specification. */
class Receiver {
  readonly sent: IPublishPacket[] = [];
  private readonly topics = new Map<number, string>();
  private readonly parser = mqttPacket.parser({ protocolVersion: 5 });

  constructor(private readonly maximum: number) {
    this.parser.on('packet', (packet) => {
      if (packet.cmd === 'publish') this.sent.push(packet);
    });
  }

  take(buffers: readonly Buffer[]): string[] {
    const before = this.sent.length;
    this.parser.parse(Buffer.concat(buffers));
    return this.sent.slice(before).map((packet) => `${this.topicOf(packet)}=${packet.payload.toString()}`);
  }

  private topicOf({ topic, properties }: IPublishPacket): string {
    const alias = properties?.topicAlias;
    if (alias === undefined) return topic;
    expect(alias).toBeGreaterThanOrEqual(1); // [MQTT5-3.3.2-8]
    expect(alias).toBeLessThanOrEqual(this.maximum);
    if (topic !== '') this.topics.set(alias, topic);
    return this.topics.get(alias) ?? 'nobody knows';
  }
}

test('a topic is spelled out once, and named by its alias from then on', () => {
  const { pack } = new OutgoingAliases({ maximum: 10, packetBytes: NO_BOUND });
  const client = new Receiver(10);
  const frame = aFrame('plant/1/temperature');
  expect(client.take(pack(outgoingList([frame, frame])))).toEqual(Array(2).fill('plant/1/temperature=x'));
  expect(client.take(pack(outgoingList([frame])))).toEqual(['plant/1/temperature=x']);
  expect(client.sent.map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual([
    ['plant/1/temperature', 1],
    ['', 1],
    ['', 1],
  ]);
});

test('the frame that others share stays as it is, and so do acknowledgements and topics too short to gain by it', () => {
  const { pack } = new OutgoingAliases({ maximum: 10, packetBytes: NO_BOUND });
  const frame = aFrame('plant/1/temperature');
  const before = Buffer.from(frame.bytes);
  pack(outgoingList([frame]));
  expect(frame.bytes).toEqual(before);
  const ack = writeAck('puback', 7);
  expect(Buffer.concat(pack(outgoingList([controlFrame(ack), aFrame('a/b')])))).toEqual(
    Buffer.concat([ack, aFrame('a/b').bytes]),
  );
});

test('packet ids are where they belong', () => {
  const { pack } = new OutgoingAliases({ maximum: 10, packetBytes: NO_BOUND });
  const client = new Receiver(10);
  const frame = aFrame('plant/1/temperature', { qos: 1 });
  client.take(pack(outgoingList([frame, frame, aFrame('a', { qos: 2 })], [1, 515, 65_535])));
  expect(client.sent.map(({ messageId }) => messageId)).toEqual([1, 515, 65_535]);
});

test('a packet that its alias would make too large is sent without, and defines none [MQTT5-3.1.2-24]', () => {
  const frame = aFrame('plant/1/temperature', { payload: 'x'.repeat(100) });
  const client = new Receiver(10);
  const { pack } = new OutgoingAliases({ maximum: 10, packetBytes: frame.bytes.length });
  const sent = [...pack(outgoingList([frame])), ...pack(outgoingList([frame]))];
  for (const bytes of sent) expect(bytes.length).toBeLessThanOrEqual(frame.bytes.length);
  client.take(sent);
  expect(client.sent.map(({ properties }) => properties?.topicAlias)).toEqual([undefined, undefined]);
});

test('when all are taken a topic in use keeps its alias, and one that is not sent any more loses it', () => {
  const { pack } = new OutgoingAliases({ maximum: 2, packetBytes: NO_BOUND });
  const client = new Receiver(2);
  const send = (topic: string) => {
    expect(client.take(pack(outgoingList([aFrame(topic)])))).toEqual([`${topic}=x`]);
    return client.sent.at(-1)?.properties?.topicAlias;
  };
  expect(['often', 'seldom', 'often', 'third'].map(send)).toEqual([1, 2, 1, undefined]);
  // The hand has passed `often` once; now it comes to `seldom`, which has not been sent since.
  expect(['often', 'third', 'third', 'often', 'seldom'].map(send)).toEqual([1, 2, 2, 1, undefined]);
});

test('whatever is sent, in whatever order, is understood, and no alias is above the maximum [MQTT5-3.3.2-11] [MQTT5-3.1.2-26]', () => {
  const topics = ['a', 'abcd', 'abcde', 'plant/1', 'plant/2', 'plant/3', 'ü/ü/ü', `long/${'x'.repeat(200)}`];
  const delivery = fc.record({
    topic: fc.constantFrom(...topics),
    payload: fc.constantFrom('', 'x', 'x'.repeat(115), 'x'.repeat(16_300), 'x'.repeat(4_000)),
    qos: fc.constantFrom<Qos>(0, 1, 2),
    contentType: fc.constantFrom('', 'text/plain', 'y'.repeat(120)),
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(delivery, { maxLength: 6 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      (turns, maximum) => {
        const { pack } = new OutgoingAliases({ maximum, packetBytes: NO_BOUND });
        const client = new Receiver(maximum);
        for (const turn of turns) {
          const ids = turn.map(({ qos }, i) => (qos > 0 ? i + 1 : 0));
          if (turn.length === 0) continue;
          const frames = turn.map(({ topic, ...rest }) => aFrame(topic, rest));
          const received = client.take(pack(outgoingList(frames, ids)));
          expect(received).toEqual(turn.map(({ topic, payload }) => `${topic}=${payload}`));
          const last = turn.length > 0 ? client.sent.slice(-turn.length) : [];
          expect(last.map(({ messageId = 0 }) => messageId)).toEqual(ids);
          expect(last.map(({ properties }) => properties?.contentType ?? '')).toEqual(
            turn.map(({ contentType }) => contentType),
          );
        }
      },
    ),
    runs(200),
  );
});
