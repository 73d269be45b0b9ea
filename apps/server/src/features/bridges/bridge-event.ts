import type { Message, Session } from '@perch/broker';
import type { BridgeAction } from '../../config/bridge.schema.js';
import { shownPayload } from '../publish/shown-payload.js';

/** Something that happened, as a bridge hands it on. The names of HMQ, and what they leave out. */
export interface BridgeEvent {
  /** Counts up from 1 with every start of the server; what is missing between two was lost. 0 of a test. */
  readonly seq: number;
  readonly action: BridgeAction | 'test';
  readonly clientid: string;
  readonly username: string | null;
  /** The topic of a publish, the filter of a subscription; null for a connection. */
  readonly topic: string | null;
  /** The beginning of the payload, as `encoding` says; null where there is none or none is wanted. */
  readonly payload: string | null;
  readonly encoding: 'utf8' | 'base64' | null;
  /** Bytes of the whole payload. */
  readonly size: number;
  /** Why a connection ended. */
  readonly reason: string | null;
  /** Seconds since the epoch. */
  readonly ts: number;
  /** The same, to the millisecond: ISO 8601 in UTC. */
  readonly at: string;
}

/** An event before it is counted. */
export type Happening = Omit<BridgeEvent, 'seq' | 'ts' | 'at'>;

const nothing = { topic: null, payload: null, encoding: null, size: 0, reason: null };

/** What an operator has sent to see whether it arrives. Nothing happened. */
export const testEvent: Happening = { ...nothing, action: 'test', clientid: '', username: null, reason: 'a test' };

/** What happened to a session. */
export function sessionEvent(
  action: Exclude<BridgeAction, 'publish'>,
  { clientId, identity }: Pick<Session, 'clientId' | 'identity'>,
  more: { readonly topic?: string; readonly reason?: string } = {},
): Happening {
  return { ...nothing, action, clientid: clientId, username: identity.username, ...more };
}

/** A message that was published, with so much of its payload. */
export function publishEvent(message: Message, username: string | null, payloadBytes: number): Happening {
  const { topic, payload, publisher } = message;
  const event = { ...nothing, action: 'publish' as const, clientid: publisher, username, topic, size: payload.length };
  return payloadBytes === 0 ? event : { ...event, ...shownPayload(payload, payloadBytes) };
}
