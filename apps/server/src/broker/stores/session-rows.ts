import type { OwnRules } from '@perch/policy';
import type { Qos, StoredDelivery, StoredSession, StoredSubscription, StoredWill } from '@perch/broker';
import { propertiesFromJson, type StoredProperties } from './retained-row.js';

/** A row of READ_DELIVERIES. Postgres' bigint comes as text. */
export interface DeliveryRow {
  readonly seq: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly is_received: boolean;
  readonly identifiers: number[] | null;
  readonly share: string | null;
  readonly topic: string;
  readonly payload: Buffer;
  readonly message_qos: number;
  readonly message_retain: boolean;
  readonly properties: StoredProperties | null;
  readonly publisher: string;
  readonly received_ms: number;
  readonly expires_ms: number | null;
}

/** A row of READ_SESSIONS. */
export interface SessionRow {
  readonly id: string;
  readonly client_id: string;
  readonly username: string | null;
  readonly address: string | null;
  readonly protocol: string;
  readonly created_ms: number;
  readonly session_expiry_interval: string;
  readonly disconnected_ms: number | null;
  readonly sent_seq: string;
  readonly will: WillJson | null;
  readonly labels: string[];
  readonly own_rules: OwnRules | null;
  readonly authenticator: string | null;
}

/** A row of READ_SUBSCRIPTIONS. */
export interface SubscriptionRow {
  readonly session_id: string;
  readonly filter: string;
  readonly qos: number;
  readonly no_local: boolean;
  readonly retain_as_published: boolean;
  readonly identifiers: number[] | null;
}

/** A row of READ_PACKET_IDS. */
export interface PacketIdRow {
  readonly session_id: string;
  readonly packet_id: number;
}

/** A row of COUNT_DELIVERIES. */
export interface CountRow {
  readonly session_id: string;
  readonly count: number;
  readonly bytes: number;
  readonly last_seq: string;
}

/** A will as JSON keeps it: its payload is base64, its properties are JSON in a string. */
type WillJson = Omit<StoredWill['message'], 'payload' | 'properties'> & {
  readonly payload: string;
  readonly properties: string | null;
  readonly delayInterval: number;
};

/** The delivery that the row was made from. */
export function toDelivery(row: DeliveryRow): StoredDelivery {
  return {
    seq: Number(row.seq),
    qos: row.qos as Qos,
    retain: row.retain,
    isReceived: row.is_received,
    identifiers: row.identifiers,
    share: row.share,
    message: {
      topic: row.topic,
      payload: row.payload,
      qos: row.message_qos as Qos,
      retain: row.message_retain,
      properties: propertiesFromJson(row.properties),
      publisher: row.publisher,
      receivedAt: row.received_ms,
      expiresAt: row.expires_ms,
    },
  };
}

/** The session that the row was made from. */
export function toSession(row: SessionRow): StoredSession {
  return {
    id: Number(row.id),
    clientId: row.client_id,
    username: row.username,
    authenticator: row.authenticator,
    address: row.address,
    labels: row.labels,
    own: row.own_rules,
    protocol: row.protocol,
    createdAt: row.created_ms,
    sessionExpiryInterval: Number(row.session_expiry_interval),
    disconnectedAt: row.disconnected_ms,
    sentSeq: Number(row.sent_seq),
    will: row.will && toWill(row.will),
  };
}

/** The subscription that the row was made from. */
export function toSubscription(row: SubscriptionRow): StoredSubscription {
  return {
    filter: row.filter,
    qos: row.qos as Qos,
    noLocal: row.no_local,
    retainAsPublished: row.retain_as_published,
    identifiers: row.identifiers,
  };
}

function toWill({ delayInterval, payload, properties, ...message }: WillJson): StoredWill {
  const stored = properties === null ? null : (JSON.parse(properties) as StoredProperties);
  return {
    delayInterval,
    message: { ...message, payload: Buffer.from(payload, 'base64'), properties: propertiesFromJson(stored) },
  };
}
