import type { IConnackPacket, IConnectPacket, IPublishPacket } from 'mqtt-packet';
import { isValidTopic } from '@perch/policy';
import { randomBytes } from 'node:crypto';
import type { Limits } from '../../limits.js';
import type { Message, MessageProperties } from '../../message.js';
import type { Refusal } from '../../refusal.js';
import type { MqttVersion } from './packet-codec.js';

type Will = NonNullable<IConnectPacket['will']>;

/** What a CONNECT asks for, checked. */
export interface ConnectRequest {
  readonly version: MqttVersion;
  readonly clientId: string;
  /** The broker made the client id [MQTT-3.1.3-6]. */
  readonly isAssigned: boolean;
  readonly username: string | null;
  readonly password: Buffer | null;
  /** How the client wants to prove who it is, beyond user name and password; null for not at all [MQTT5 4.12]. */
  readonly authenticationMethod: string | null;
  readonly authenticationData: Buffer | null;
  /** Seconds between packets that the client keeps to; 0 for no bound. */
  readonly keepAlive: number;
  /** The keep-alive is the broker's and not what the client asked for. */
  readonly isKeepAliveOurs: boolean;
  readonly receiveMaximum: number;
  readonly maximumPacketBytes: number;
  readonly will: Message | null;
  /** Seconds that the will waits [MQTT5 3.1.3.2.2]. */
  readonly willDelayInterval: number;
  /** What there is of an earlier session is to be forgotten [MQTT-3.1.2-6, MQTT5-3.1.2-4]. */
  readonly cleanStart: boolean;
  /** Seconds that the session outlives the connection [MQTT5 3.1.2.11.2]. */
  readonly sessionExpiryInterval: number;
  /** It is the broker's and not what the client asked for. */
  readonly isExpiryOurs: boolean;
}

/** Reads a CONNECT; a refusal when it breaks a rule or asks for what is not there. */
export function readConnect(packet: IConnectPacket, limits: Limits, now: number): ConnectRequest | Refusal {
  const version = packet.protocolVersion ?? 4;
  // A bridge expects what only bridges get, and comes back as a plain client when it is refused.
  if ('bridgeMode' in packet) return 'unsupported-protocol-version';
  if ((packet.protocolId === 'MQIsdp') !== (version === 3)) return 'unsupported-protocol-version';
  const refusal = connectFault(packet, version, limits);
  if (refusal) return refusal;
  const asked = packet.keepalive ?? 0;
  const isKeepAliveOurs =
    version === 5 && limits.keepAliveSeconds > 0 && (asked === 0 || asked > limits.keepAliveSeconds);
  const clientId = packet.clientId || `perch-${randomBytes(10).toString('hex')}`;
  return {
    version,
    clientId,
    isAssigned: !packet.clientId,
    username: packet.username ?? null,
    password: packet.password ?? null,
    authenticationMethod: packet.properties?.authenticationMethod ?? null,
    authenticationData: packet.properties?.authenticationData ?? null,
    keepAlive: isKeepAliveOurs ? limits.keepAliveSeconds : asked,
    isKeepAliveOurs,
    receiveMaximum: packet.properties?.receiveMaximum ?? 65_535,
    maximumPacketBytes: packet.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    will: packet.will ? readWill(packet.will, clientId, now) : null,
    willDelayInterval: packet.will?.properties?.willDelayInterval ?? 0,
    cleanStart: packet.clean ?? true,
    ...expiryOfSession(packet, version, limits),
  };
}

/** MQTT 3 knows only sessions that end with the connection, and others [MQTT-3.1.2-4 to 3.1.2-6]. */
function expiryOfSession(
  packet: IConnectPacket,
  version: MqttVersion,
  { sessionExpirySeconds }: Limits,
): Pick<ConnectRequest, 'sessionExpiryInterval' | 'isExpiryOurs'> {
  if (version !== 5) return { sessionExpiryInterval: packet.clean ? 0 : sessionExpirySeconds, isExpiryOurs: false };
  const asked = packet.properties?.sessionExpiryInterval ?? 0;
  return { sessionExpiryInterval: Math.min(asked, sessionExpirySeconds), isExpiryOurs: asked > sessionExpirySeconds };
}

/** The properties that travel with a message, or null for none. */
export function messageProperties(properties: IPublishPacket['properties']): MessageProperties | null {
  if (!properties) return null;
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = properties;
  const kept: Record<string, unknown> = {};
  if (payloadFormatIndicator !== undefined) kept['payloadFormatIndicator'] = payloadFormatIndicator;
  if (contentType !== undefined) kept['contentType'] = contentType;
  if (responseTopic !== undefined) kept['responseTopic'] = responseTopic;
  if (correlationData !== undefined) kept['correlationData'] = Buffer.from(correlationData);
  if (userProperties !== undefined) {
    kept['userProperties'] = Object.entries(userProperties).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value]),
    );
  }
  return Object.keys(kept).length > 0 ? kept : null;
}

/** When a message given this many seconds is over, or null for never. */
export function expiryOf(messageExpiryInterval: number | undefined, now: number): number | null {
  return messageExpiryInterval === undefined ? null : now + messageExpiryInterval * 1000;
}

/** The CONNACK that lets the client in, naming what it cannot have [MQTT5 3.2.2.3]. */
export function acceptance(request: ConnectRequest, limits: Limits, sessionPresent: boolean): IConnackPacket {
  // MQTT 3.1 has no Session Present: that byte is reserved.
  if (request.version !== 5) {
    return { cmd: 'connack', returnCode: 0, sessionPresent: sessionPresent && request.version === 4 };
  }
  const properties: IConnackPacket['properties'] = {
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.packetBytes,
    topicAliasMaximum: limits.topicAliasMaximum,
  };
  if (request.isExpiryOurs) properties.sessionExpiryInterval = request.sessionExpiryInterval;
  if (request.isAssigned) properties.assignedClientIdentifier = request.clientId;
  if (request.isKeepAliveOurs) properties.serverKeepAlive = request.keepAlive;
  // [MQTT5-4.12.0-5] [MQTT5-4.12.0-6] the client's method, and what the server proves itself with
  if (request.authenticationMethod !== null) properties.authenticationMethod = request.authenticationMethod;
  if (request.authenticationData) properties.authenticationData = request.authenticationData;
  return { cmd: 'connack', reasonCode: 0, sessionPresent, properties };
}

function connectFault(packet: IConnectPacket, version: MqttVersion, limits: Limits): Refusal | null {
  const { clientId, properties } = packet;
  if (version !== 5 && packet.password && packet.username === undefined) return 'malformed-packet'; // [MQTT-3.1.2-22]
  if (properties?.authenticationData && properties.authenticationMethod === undefined) return 'protocol-error';
  if (properties?.receiveMaximum === 0 || properties?.maximumPacketSize === 0) return 'protocol-error';
  if (version !== 5 && !packet.clean && !clientId) return 'invalid-client-id'; // [MQTT-3.1.3-8]
  if (version === 3 && !clientId) return 'invalid-client-id';
  if (clientId.startsWith('$') || Buffer.byteLength(clientId) > limits.clientIdBytes) return 'invalid-client-id';
  return packet.will ? willFault(packet.will) : null;
}

function willFault({ qos, topic, properties }: Will): Refusal | null {
  if ((qos ?? 0) > 2) return 'malformed-packet'; // [MQTT-3.1.2-14]
  if (!isValidTopic(topic)) return 'invalid-topic';
  const responseTopic = properties?.responseTopic;
  return responseTopic === undefined || isValidTopic(responseTopic) ? null : 'protocol-error'; // [MQTT-3.3.2-14]
}

function readWill(will: Will, publisher: string, now: number): Message {
  return {
    topic: will.topic,
    payload: Buffer.from(will.payload),
    qos: will.qos ?? 0,
    retain: will.retain ?? false,
    properties: messageProperties(will.properties),
    publisher,
    receivedAt: now,
    expiresAt: expiryOf(will.properties?.messageExpiryInterval, now),
  };
}
