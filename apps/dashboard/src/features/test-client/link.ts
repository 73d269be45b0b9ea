import type { MqttProperties } from './message.js';
import type { LoggedMessage } from './message.js';

/** What a test connection speaks. */
export const protocols = ['mqtt5', 'mqtt311', 'json'] as const;

export type LinkProtocol = (typeof protocols)[number];

/** Where to connect, and as whom. */
export interface LinkTarget {
  readonly protocol: LinkProtocol;
  readonly url: string;
  readonly clientId: string;
  /** Null for an anonymous client. */
  readonly login: { readonly username: string; readonly password: string } | null;
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  /** MQTT 5: how long the broker keeps the session after the connection. */
  readonly sessionExpirySeconds: number;
}

/** A packet or frame that went over the wire, without any secret. */
export interface PacketNote {
  readonly direction: 'in' | 'out';
  /** Such as SUBACK. */
  readonly name: string;
  readonly text: string;
  readonly isRefusal: boolean;
}

/** A message as it came. */
export type ReceivedMessage = Pick<LoggedMessage, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>;

/** What is to be published. */
export interface Publication extends ReceivedMessage {
  readonly properties: MqttProperties;
}

/** What a link tells its owner. */
export interface LinkEvents {
  /** With the client id that the broker knows it by. */
  opened(clientId: string): void;
  /** Not open any more, and why; nothing comes after it unless the link opens again by itself. */
  ended(reason: string): void;
  message(message: ReceivedMessage): void;
  packet(note: PacketNote): void;
  /** The broker took subscriptions away. */
  revoked(filter: string, reason: string): void;
}

/** How to subscribe. */
export interface SubscribeWish {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  /** MQTT 5: not what this client published itself. */
  readonly noLocal: boolean;
}

/** One connection to the broker. Refusals reject with a `LinkRefusal`. */
export interface TestLink {
  /** Resolves with the granted QoS. */
  subscribe(wish: SubscribeWish): Promise<0 | 1 | 2>;
  unsubscribe(filter: string): Promise<void>;
  /** After a reconnect it subscribes to the filter by itself, as it was granted before. */
  asksAgain(filter: string): boolean;
  /** Resolves with the broker's answer, in words; null where the QoS has none. */
  publish(publication: Publication): Promise<string | null>;
  close(): void;
}

/** The broker, or the client library, said no. */
export class LinkRefusal extends Error {
  override readonly name = 'LinkRefusal';

  constructor(
    message: string,
    /** A rule decided so: there is something to explain. */
    readonly isByPolicy: boolean,
  ) {
    super(message);
  }
}
