import type { Broker } from '../../broker.js';
import type { RefusedEvent } from '../../events.js';
import type { Limits } from '../../limits.js';
import type { Link } from '../../link.js';
import type { ListenerTerms } from '../../listener-terms.js';
import type { Authentication } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { SessionOptions } from '../../session.js';
import { audienceOf, type Audience } from './audience.js';
import type { Showing } from './auth-gate.js';
import { certifiedRequest } from './certified-request.js';
import { readConnectPacket } from './connect-reader.js';
import { readConnect, type ConnectRequest } from './handshake.js';
import type { MqttVersion } from './packet-codec.js';

const PROTOCOL_NAMES: Record<MqttVersion, string> = { 3: 'mqtt3.1', 4: 'mqtt3.1.1', 5: 'mqtt5' };

/** What a client comes in by. */
export interface Door {
  readonly link: Link;
  readonly terms: ListenerTerms;
  readonly limits: Limits;
}

/** Who a client is, and under which rights. */
export type Identified = Pick<SessionOptions, 'identity' | 'grants'>;

/** What a first packet says: what it asks for or why not, and how its client is to be spoken to, where that is known. */
export interface FirstPacket {
  readonly version: MqttVersion | null;
  readonly audience: Audience | null;
  readonly request: ConnectRequest | Refusal;
}

/** Reads a CONNECT by the terms of the door that it came to. */
export function readFirstPacket(bytes: Buffer, { link, terms, limits }: Door, now: number): FirstPacket {
  const read = readConnectPacket(bytes);
  const { version } = read;
  if (read.refusal !== undefined) return { version, audience: null, request: read.refusal };
  const asked = readConnect(read.packet, limits, now);
  const request = typeof asked === 'string' ? asked : certifiedRequest(asked, link.certificateName, terms);
  return { version, audience: audienceOf(read.packet), request };
}

/** What the authenticator is to look at. */
export function showingOf(request: ConnectRequest, { link, terms }: Door): Showing {
  const { version, clientId, username, password, authenticationMethod, authenticationData } = request;
  const client = {
    clientId,
    username,
    address: link.address,
    certificateName: terms.certificateAs === 'username' ? link.certificateName : null,
    allowAnonymous: terms.allowAnonymous,
    protocol: PROTOCOL_NAMES[version],
  };
  return { version, client, password, authenticationMethod, authenticationData };
}

/** The rights of a client that has proved who it is; or the refusal, counted and told, where it is to stay outside. */
export function identify(
  broker: Broker,
  entrant: { readonly request: ConnectRequest; readonly address: string | null },
  authentication: Authentication,
): Identified | Refusal {
  const { address } = entrant;
  const { clientId, username, will } = entrant.request;
  const refuse = (refusal: Refusal, topic: string | null): Refusal => {
    const event: Omit<RefusedEvent, 'action' | 'ruleId'> = { clientId, username, address, topic, refusal };
    broker.refusedConnect(event);
    return refusal;
  };
  if (!authentication.accepted) return refuse(authentication.refusal, null);
  const identity = { clientId, username: authentication.username, address };
  const grants = broker.policy.grantsFor(identity, broker.clock.now());
  if (will && !grants.publish(will.topic).allowed) return refuse('not-authorized', will.topic);
  return { identity, grants };
}

/** What the session of the client is made with, but for the connection that serves it. */
export function sessionOptions(
  request: ConnectRequest,
  who: Identified,
  port: number | null,
): Omit<SessionOptions, 'peer'> {
  const { version, keepAlive, will, willDelayInterval, cleanStart, sessionExpiryInterval } = request;
  const asked = { keepAlive, will, willDelayInterval, cleanStart, sessionExpiryInterval };
  return { ...who, ...asked, port, protocol: PROTOCOL_NAMES[version], isClient: true };
}
