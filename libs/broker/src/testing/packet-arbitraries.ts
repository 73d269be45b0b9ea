import fc from 'fast-check';
import mqttPacket, { type IConnectPacket, type IPublishPacket, type ISubscription, type Packet } from 'mqtt-packet';
import type { MqttVersion } from '../protocols/mqtt/packet-codec.js';
import { anyFilter, anyTopic } from './topic-arbitraries.js';
import { wildText } from './wild-text.js';

/** Strings that MQTT allows: any character but NUL [MQTT-1.5.3-2] [MQTT5-1.5.4-2]. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z]{0,6}$/),
  wildText({ maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
);
const someText = anyText.map((text) => text || 'x');
const anyBytes = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes));
const anyPayload = fc.oneof(
  { weight: 6, arbitrary: anyBytes },
  { weight: 1, arbitrary: fc.constantFrom(90, 127, 128, 16_300, 16_384).map((length) => Buffer.alloc(length, 'x')) },
);
const packetIds = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 65_535 }));
const qosLevels = fc.constantFrom<0 | 1 | 2>(0, 1, 2);
const seconds = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffff_ffff }));
const uint16 = fc.integer({ min: 0, max: 65_535 });
const positive16 = fc.integer({ min: 1, max: 65_535 });
/** Names that differ, because mqtt-packet keeps them as the names of an object, and none that an object already has. */
const userProperties = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), anyText), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  })
  .map((pairs) => Object.fromEntries(pairs));

const ofAMessage = {
  payloadFormatIndicator: fc.boolean(),
  messageExpiryInterval: seconds,
  contentType: anyText,
  responseTopic: anyTopic,
  correlationData: anyBytes,
  userProperties,
};

/** Every property is there or not, as it comes. */
function optional<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as unknown as fc.Arbitrary<Partial<T>>;
}

/** The properties, where the version has any. */
function properties<T>(version: MqttVersion, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return version === 5 ? optional<T>(fields) : fc.constant(undefined);
}

/** A packet without the fields that are undefined. */
function without<T extends object>(packet: T): T {
  return Object.fromEntries(Object.entries(packet).filter(([, value]) => value !== undefined)) as T;
}

/** CONNECT, also from somebody whom the broker will not let in. */
export function anyConnect(version: MqttVersion): fc.Arbitrary<IConnectPacket> {
  const will = fc.record({
    topic: anyTopic,
    payload: anyBytes,
    qos: qosLevels,
    retain: fc.boolean(),
    properties: properties(version, { willDelayInterval: seconds, ...ofAMessage }),
  });
  return fc
    .record({
      cmd: fc.constant('connect' as const),
      protocolId: fc.constant(version === 3 ? ('MQIsdp' as const) : ('MQTT' as const)),
      protocolVersion: fc.constant(version),
      clientId: fc.constantFrom('a', 'b', 'c-ü'),
      clean: fc.boolean(),
      keepalive: uint16,
      will: fc.option(will.map(without), { nil: undefined }),
      login: fc.option(fc.record({ username: anyText, password: fc.option(anyBytes, { nil: undefined }) }), {
        nil: {},
      }),
      properties: properties(version, {
        sessionExpiryInterval: seconds,
        receiveMaximum: positive16,
        maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
        topicAliasMaximum: uint16,
        requestResponseInformation: fc.boolean(),
        requestProblemInformation: fc.boolean(),
        userProperties,
      }),
    })
    .map(({ login, ...packet }) => without({ ...packet, ...without(login) }));
}

/** PUBLISH with whatever may be in one. */
export function anyPublish(version: MqttVersion): fc.Arbitrary<IPublishPacket> {
  return fc
    .record({
      topic: anyTopic,
      payload: anyPayload,
      qos: qosLevels,
      isAgain: fc.boolean(),
      retain: fc.boolean(),
      messageId: packetIds,
      properties: properties(version, { ...ofAMessage, topicAlias: fc.integer({ min: 1, max: 20 }) }),
    })
    .map(({ isAgain, messageId, ...packet }) =>
      without({
        cmd: 'publish' as const,
        ...packet,
        dup: packet.qos > 0 && isAgain,
        messageId: packet.qos > 0 ? messageId : undefined,
      }),
    );
}

const REASONS = { puback: [0, 0x10, 0x80, 0x97], pubrec: [0, 0x10, 0x80, 0x97], pubrel: [0, 0x92], pubcomp: [0, 0x92] };

function anyAck(version: MqttVersion): fc.Arbitrary<Packet> {
  return fc.constantFrom('puback' as const, 'pubrec' as const, 'pubrel' as const, 'pubcomp' as const).chain((cmd) =>
    fc
      .record({
        messageId: packetIds,
        reasonCode: version === 5 ? fc.constantFrom(...REASONS[cmd]) : fc.constant(undefined),
        properties: properties(version, { reasonString: someText, userProperties }),
      })
      .map((packet): Packet => without({ cmd, ...packet })),
  );
}

function anySubscribe(version: MqttVersion): fc.Arbitrary<Packet> {
  const plain = { topic: anyFilter, qos: qosLevels };
  const options = { nl: fc.boolean(), rap: fc.boolean(), rh: fc.constantFrom(0, 1, 2) };
  const subscription: fc.Arbitrary<ISubscription> =
    version === 5 ? fc.record({ ...plain, ...options }) : fc.record(plain);
  return fc
    .record({
      messageId: packetIds,
      subscriptions: fc.array(subscription, { minLength: 1, maxLength: 3 }),
      properties: properties(version, {
        subscriptionIdentifier: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 268_435_455 })),
        userProperties,
      }),
    })
    .map((packet) => without({ cmd: 'subscribe' as const, ...packet }));
}

function anyUnsubscribe(version: MqttVersion): fc.Arbitrary<Packet> {
  return fc
    .record({
      messageId: packetIds,
      unsubscriptions: fc.array(anyFilter, { minLength: 1, maxLength: 3 }),
      properties: properties(version, { userProperties }),
    })
    .map((packet) => without({ cmd: 'unsubscribe' as const, ...packet }));
}

function anyDisconnect(version: MqttVersion): fc.Arbitrary<Packet> {
  if (version !== 5) return fc.constant({ cmd: 'disconnect' });
  return fc.record({
    cmd: fc.constant('disconnect' as const),
    reasonCode: fc.constantFrom(0, 4, 0x80, 0x93),
    properties: optional({ sessionExpiryInterval: seconds, reasonString: someText, userProperties }),
  });
}

function anyAuth(): fc.Arbitrary<Packet> {
  return fc.record({
    cmd: fc.constant('auth' as const),
    reasonCode: fc.constantFrom(0x18, 0x19),
    properties: fc
      .record({
        more: optional({ authenticationData: anyBytes, reasonString: someText, userProperties }),
        method: someText,
      })
      .map(({ more, method }) => ({ authenticationMethod: method, ...more })),
  });
}

/** What a client may send once it is connected, every kind of packet as often as the others. */
export function anyClientPacket(version: MqttVersion): fc.Arbitrary<Packet> {
  return fc.oneof(
    anyPublish(version),
    anyAck(version),
    anySubscribe(version),
    anyUnsubscribe(version),
    anyDisconnect(version),
    fc.constant<Packet>({ cmd: 'pingreq' }),
    ...(version === 5 ? [anyAuth()] : []),
  );
}

/** How other people's software writes the packet. */
export function bytesOf(packet: Packet, version: MqttVersion): Buffer {
  return mqttPacket.generate(packet, { protocolVersion: version });
}
