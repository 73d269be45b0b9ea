import type { OwnRules } from '@perch/policy';
import type { Message, Qos } from '../message.js';

/** A will as it is kept: published when its session has been without a connection for the delay [MQTT5 3.1.3.2]. */
export interface StoredWill {
  readonly message: Message;
  /** Seconds [MQTT5 3.1.3.2.2]. */
  readonly delayInterval: number;
}

/** A durable session as it is kept [MQTT5 4.1]. */
export interface StoredSession {
  /** Chosen by the broker, a positive integer, never used twice. */
  readonly id: number;
  readonly clientId: string;
  readonly username: string | null;
  /** Whose word the name is; null where that is not known. */
  readonly authenticator: string | null;
  /** Textual IP address that the client last connected from. */
  readonly address: string | null;
  /** What rules may call the client by, beside its name. */
  readonly labels: readonly string[];
  /** Rules of this client alone, or null. */
  readonly own: OwnRules | null;
  readonly protocol: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Seconds that it outlives its connection; 4,294,967,295 for ever [MQTT5 3.1.2.11.2]. */
  readonly sessionExpiryInterval: number;
  /** When its connection ended, in milliseconds since the epoch; null while there is one. */
  readonly disconnectedAt: number | null;
  /** Highest `seq` that was sent to the client by then: what is sent up to it again carries DUP [MQTT-3.3.1-1]. */
  readonly sentSeq: number;
  readonly will: StoredWill | null;
}

/** A subscription of a durable session, as it was asked for. */
export interface StoredSubscription {
  readonly filter: string;
  readonly qos: Qos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly identifiers: readonly number[] | null;
}

/** A message that is owed to a durable session and that its client has not acknowledged. */
export interface StoredDelivery {
  /** Its place in the order of the session's deliveries: rises by one with each. Gives the packet id, too. */
  readonly seq: number;
  readonly qos: Qos;
  readonly retain: boolean;
  /** QoS 2: the PUBREC has come, so the message must not be sent again [MQTT 4.3.3]. */
  readonly isReceived: boolean;
  /** Subscription identifiers to be sent with it [MQTT5 3.3.2.3.8]. */
  readonly identifiers: readonly number[] | null;
  /** The `$share/…` filter that brought it, or null. */
  readonly share: string | null;
  readonly message: Message;
}

/** A durable session as it comes back at start: its deliveries are only counted. */
export interface RestoredSession {
  readonly session: StoredSession;
  readonly subscriptions: readonly StoredSubscription[];
  /** Packet ids of QoS 2 publishes of the client whose PUBREL has not come. */
  readonly packetIds: readonly number[];
  readonly deliveries: {
    readonly count: number;
    /** Of their messages, as `sizeOf` has it. */
    readonly bytes: number;
    /** Highest `seq`, 0 for none. */
    readonly lastSeq: number;
  };
}

/**
 * Keeps durable sessions across restarts. Changes are taken at once and in order; those that are made in one turn of the
 * event loop become durable together or not at all, and never before an earlier one.
 */
export interface SessionStore {
  /** Calls `take` for each session kept, in any order. */
  load(take: (session: RestoredSession) => void): Promise<void>;

  /** Adds the session, or changes what is kept of it. Its subscriptions and deliveries stay. */
  keepSession(session: StoredSession): void;
  /** Forgets the session and everything that belongs to it. */
  removeSession(sessionId: number): void;
  /** Adds the subscription, or changes the one with the same filter. */
  keepSubscription(sessionId: number, subscription: StoredSubscription): void;
  removeSubscription(sessionId: number, filter: string): void;
  /** Adds a delivery at the end. The same message object given again in the same turn is kept once. */
  append(sessionId: number, delivery: StoredDelivery): void;
  /** The client has said that it has the QoS 2 message (PUBREC). */
  markReceived(sessionId: number, seq: number): void;
  /** The delivery is over: acknowledged, expired or dropped. Forgets the message with its last delivery. */
  settle(sessionId: number, seq: number): void;
  /** The same for all deliveries of the session behind `afterSeq` and up to `throughSeq`. */
  settleRange(sessionId: number, afterSeq: number, throughSeq: number): void;
  /** Remembers that a QoS 2 publish of the client has been taken, so that its repetition is known [MQTT-4.3.3-2] [MQTT5-4.3.3-10]. */
  keepPacketId(sessionId: number, packetId: number): void;
  removePacketId(sessionId: number, packetId: number): void;

  /** Resolves once every change made so far would survive a crash; null when they all do. Rejects when they never will. */
  committed(): Promise<void> | null;
  /** False while so much waits for its commit that no further delivery may be taken. Small changes always may. */
  readonly hasRoom: boolean;

  /**
   * The session's deliveries after `afterSeq`, in order: at most `limit.count`, and no more than `limit.bytes` of messages
   * unless the first alone is larger. Sees every change made before the call.
   */
  read(sessionId: number, afterSeq: number, limit: ReadLimit): Promise<readonly StoredDelivery[]>;

  /** Resolves when everything is durable, and frees what the store holds. */
  close(): Promise<void>;
}

/** How much is read at a time. */
export interface ReadLimit {
  readonly count: number;
  readonly bytes: number;
}
