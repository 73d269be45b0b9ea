import type { Qos } from '../../message.js';
import type { MqttVersion } from './packet-codec.js';

/** The values of a property list [MQTT5 2.2.2]; what the client left out is not there. */
export interface Properties {
  payloadFormatIndicator?: boolean;
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: Buffer;
  subscriptionIdentifier?: number;
  sessionExpiryInterval?: number;
  authenticationMethod?: string;
  authenticationData?: Buffer;
  requestProblemInformation?: boolean;
  willDelayInterval?: number;
  requestResponseInformation?: boolean;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  topicAlias?: number;
  /** In the order in which they came, names as often as they came [MQTT5 3.3.2.3.7]. */
  userProperties?: [string, string][];
  maximumPacketSize?: number;
}

/** The will of a CONNECT, before anybody has judged it. */
export interface WillFields {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: Properties;
}

/** CONNECT [MQTT 3.1]. */
export interface ConnectPacket {
  readonly cmd: 'connect';
  readonly protocolVersion: MqttVersion;
  /** Another broker, as Mosquitto's says it: the highest bit of the version. */
  readonly isBridge: boolean;
  readonly clean: boolean;
  readonly keepalive: number;
  readonly properties: Properties;
  readonly clientId: string;
  readonly will: WillFields | null;
  readonly username: string | null;
  readonly password: Buffer | null;
}

/** PUBLISH [MQTT 3.3]. Its payload is a piece of the chunk that it came in. */
export interface PublishPacket {
  readonly cmd: 'publish';
  /** Empty where only an alias names it. */
  topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly dup: boolean;
  readonly retain: boolean;
  /** 0 at QoS 0. */
  readonly messageId: number;
  readonly properties: Properties | null;
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP [MQTT 3.4 to 3.7]. */
export interface AckPacket {
  readonly cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
  readonly messageId: number;
  readonly reasonCode: number;
}

/** One filter of a SUBSCRIBE, with its options [MQTT5 3.8.3.1]. */
export interface SubscriptionFields {
  readonly topic: string;
  readonly qos: Qos;
  readonly nl: boolean;
  readonly rap: boolean;
  readonly rh: 0 | 1 | 2;
}

/** SUBSCRIBE [MQTT 3.8]. */
export interface SubscribePacket {
  readonly cmd: 'subscribe';
  readonly messageId: number;
  readonly properties: Properties;
  readonly subscriptions: readonly SubscriptionFields[];
}

/** UNSUBSCRIBE [MQTT 3.10]. */
export interface UnsubscribePacket {
  readonly cmd: 'unsubscribe';
  readonly messageId: number;
  readonly unsubscriptions: readonly string[];
}

/** DISCONNECT [MQTT 3.14]. */
export interface DisconnectPacket {
  readonly cmd: 'disconnect';
  readonly reasonCode: number;
  readonly properties: Properties;
}

/** AUTH [MQTT5 3.15]. */
export interface AuthPacket {
  readonly cmd: 'auth';
  readonly reasonCode: number;
  readonly properties: Properties;
}

/** What a client may send once it is connected. */
export type ClientPacket =
  | PublishPacket
  | AckPacket
  | SubscribePacket
  | UnsubscribePacket
  | DisconnectPacket
  | AuthPacket
  | { readonly cmd: 'pingreq' };
