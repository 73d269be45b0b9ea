import type { IConnackPacket } from 'mqtt-packet';
import { isValidTopic } from '@perch/policy';
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { Broker } from '../../broker.js';
import { controlFrame, type Frame } from '../../frame.js';
import type { Limits } from '../../limits.js';
import type { Message } from '../../message.js';
import type { Refusal } from '../../refusal.js';
import type { Opening } from '../../session-registry.js';
import { writePacket, type MqttVersion } from './packet-codec.js';
import { messageProperties } from './packet-properties.js';
import type { ConnectPacket, Properties, WillFields } from './packets.js';
import { responseInformation } from './response-information.js';
import { writeUsualConnack } from './usual-answers.js';

/** Characters [MQTT31-3.1-2]. */
const MAX_CLIENT_ID_31 = 23;

/** What a CONNECT asks for, checked. */
export interface ConnectRequest {
  readonly version: MqttVersion;
  readonly clientId: string;
  /** The broker made the client id [MQTT-3.1.3-6]. */
  readonly isAssigned: boolean;
  readonly username: string | null;
  /** A piece of the chunk that it came in: let go of when it has been looked at. */
  password: Buffer | null;
  /** How the client wants to prove who it is, beyond user name and password; null for not at all [MQTT5 4.12]. */
  readonly authenticationMethod: string | null;
  /** What the client proves itself with, and once it is known, what the server does. */
  authenticationData: Buffer | null;
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
  /** Another broker, which wants neither its own messages back nor the RETAIN flag of others lost. */
  readonly isBridge: boolean;
  /** Topics that the client takes by their alias [MQTT5 3.1.2.11.5]. */
  readonly topicAliasMaximum: number;
  /** The client wants to know where it may expect answers [MQTT5 3.1.2.11.6]. */
  readonly wantsResponses: boolean;
  /** Seconds that the session outlives the connection [MQTT5 3.1.2.11.2]. */
  readonly sessionExpiryInterval: number;
  /** It is the broker's and not what the client asked for. */
  readonly isExpiryOurs: boolean;
}

/** Reads a CONNECT; a refusal when it breaks a rule or asks for what is not there. */
export function readConnect(packet: ConnectPacket, limits: Limits, now: number): ConnectRequest | Refusal {
  const { protocolVersion: version, keepalive: asked } = packet;
  const refusal = connectFault(packet, version, limits);
  if (refusal) return refusal;
  const isKeepAliveOurs =
    version === 5 && limits.keepAliveSeconds > 0 && (asked === 0 || asked > limits.keepAliveSeconds);
  const clientId = packet.clientId || `perch-${randomBytes(10).toString('hex')}`;
  return {
    version,
    clientId,
    isAssigned: !packet.clientId,
    username: packet.username,
    password: packet.password,
    authenticationMethod: packet.properties?.authenticationMethod ?? null,
    authenticationData: packet.properties?.authenticationData ?? null,
    keepAlive: isKeepAliveOurs ? limits.keepAliveSeconds : asked,
    isKeepAliveOurs,
    receiveMaximum: packet.properties.receiveMaximum ?? 65_535,
    maximumPacketBytes: packet.properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    will: packet.will ? readWill(packet.will, clientId, now) : null,
    willDelayInterval: packet.will?.properties.willDelayInterval ?? 0,
    cleanStart: packet.clean,
    isBridge: packet.isBridge,
    topicAliasMaximum: packet.properties.topicAliasMaximum ?? 0,
    wantsResponses: packet.properties.requestResponseInformation ?? false,
    sessionExpiryInterval: expiryOfSession(packet, version, limits),
    isExpiryOurs: version === 5 && (packet.properties.sessionExpiryInterval ?? 0) > limits.sessionExpirySeconds,
  };
}

/** MQTT 3 knows only sessions that end with the connection, and others [MQTT-3.1.2-4 to 3.1.2-6]. */
function expiryOfSession(packet: ConnectPacket, version: MqttVersion, { sessionExpirySeconds }: Limits): number {
  if (version !== 5) return packet.clean ? 0 : sessionExpirySeconds;
  return Math.min(packet.properties.sessionExpiryInterval ?? 0, sessionExpirySeconds);
}

/** When a message given this many seconds is over, or null for never. */
export function expiryOf(messageExpiryInterval: number | undefined, now: number): number | null {
  return messageExpiryInterval === undefined ? null : now + messageExpiryInterval * 1000;
}

/** What a CONNACK tells of the broker. */
type Host = Pick<Broker, 'limits' | 'responseTopicPrefix'>;

// MQTT 3.1 has no Session Present: that byte is reserved.
const ACCEPTED = controlFrame(writePacket({ cmd: 'connack', returnCode: 0, sessionPresent: false }, 4));
const ACCEPTED_WITH_SESSION = controlFrame(writePacket({ cmd: 'connack', returnCode: 0, sessionPresent: true }, 4));

/** The CONNACK that lets the client in. */
export function acceptance(request: ConnectRequest, host: Host, opening: Opening): Frame {
  if (request.version === 5) return controlFrame(writeAcceptance5(request, host, opening));
  return opening.isPresent && request.version === 4 ? ACCEPTED_WITH_SESSION : ACCEPTED;
}

function writeAcceptance5(request: ConnectRequest, host: Host, opening: Opening): Buffer {
  const { isExpiryOurs, isAssigned, isKeepAliveOurs, wantsResponses, authenticationMethod } = request;
  const isUsual = !isExpiryOurs && !isAssigned && !isKeepAliveOurs && !wantsResponses && authenticationMethod === null;
  if (isUsual) return writeUsualConnack(host.limits, opening.isPresent);
  return writePacket(acceptance5(request, host, opening), 5);
}

/** What it does not name is as the specification has it [MQTT5 3.2.2.3]. */
function acceptance5(request: ConnectRequest, host: Host, opening: Opening): IConnackPacket {
  const { limits, responseTopicPrefix } = host;
  const { session, isPresent: sessionPresent } = opening;
  const properties: IConnackPacket['properties'] = {
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.packetBytes,
    topicAliasMaximum: limits.topicAliasMaximum,
  };
  if (request.isExpiryOurs) properties.sessionExpiryInterval = request.sessionExpiryInterval;
  if (request.isAssigned) properties.assignedClientIdentifier = request.clientId;
  if (request.isKeepAliveOurs) properties.serverKeepAlive = request.keepAlive;
  // [MQTT5-3.1.2-28] only to who asked for it
  const responses = request.wantsResponses ? responseInformation(responseTopicPrefix, session.identity) : null;
  if (responses !== null) properties.responseInformation = responses;
  // [MQTT5-4.12.0-5] [MQTT5-4.12.0-6] the client's method, and what the server proves itself with
  if (request.authenticationMethod !== null) properties.authenticationMethod = request.authenticationMethod;
  if (request.authenticationData) properties.authenticationData = request.authenticationData;
  return { cmd: 'connack', reasonCode: 0, sessionPresent, properties };
}

function connectFault(packet: ConnectPacket, version: MqttVersion, limits: Limits): Refusal | null {
  const { clientId, properties } = packet;
  if (properties?.authenticationData && properties.authenticationMethod === undefined) return 'protocol-error';
  if (version !== 5 && !packet.clean && !clientId) return 'invalid-client-id'; // [MQTT-3.1.3-8]
  if (version === 3 && (clientId === '' || [...clientId].length > MAX_CLIENT_ID_31)) return 'invalid-client-id';
  if (clientId.startsWith('$') || Buffer.byteLength(clientId) > limits.clientIdBytes) return 'invalid-client-id';
  return packet.will ? willFault(packet.will) : null;
}

function willFault({ topic, payload, properties }: WillFields): Refusal | null {
  return isValidTopic(topic) ? messageFault(properties, payload) : 'invalid-topic';
}

/** [MQTT5-3.3.2-14] answers go to a topic */
export function responseTopicFault({ responseTopic }: Properties): Refusal | null {
  return responseTopic !== undefined && !isValidTopic(responseTopic) ? 'protocol-error' : null;
}

function messageFault(properties: Properties, payload: Buffer): Refusal | null {
  const { payloadFormatIndicator } = properties;
  const isFalse = payloadFormatIndicator === true && !isUtf8(payload);
  return responseTopicFault(properties) ?? (isFalse ? 'payload-format-invalid' : null); // [MQTT5 3.3.2.3.2]
}

function readWill(will: WillFields, publisher: string, now: number): Message {
  return {
    topic: will.topic,
    payload: Buffer.from(will.payload),
    qos: will.qos,
    retain: will.retain,
    properties: messageProperties(will.properties),
    publisher,
    receivedAt: now,
    expiresAt: expiryOf(will.properties.messageExpiryInterval, now),
  };
}
