import type { Grants } from '@perch/policy';
import { admitted, type Admitted } from '../../access/admitted.js';
import { answersIn } from '../../access/asked-sessions.js';
import type { Broker } from '../../broker.js';
import type { RefusedEvent } from '../../events.js';
import type { Link } from '../../link.js';
import type { ListenerTerms } from '../../listener-terms.js';
import type { Authentication, Credentials } from '../../ports/authenticator.js';
import type { Refusal } from '../../refusal.js';
import type { Peer, SessionOptions } from '../../session.js';
import { audienceOf, type Audience } from './audience.js';
import { certifiedRequest } from './certified-request.js';
import { readConnectPacket } from './connect-reader.js';
import { readConnect, type ConnectRequest } from './handshake.js';
import type { MqttVersion } from './packet-codec.js';

const PROTOCOL_NAMES: Record<MqttVersion, string> = { 3: 'mqtt3.1', 4: 'mqtt3.1.1', 5: 'mqtt5' };

/** What a client comes in by. */
export interface Door {
  readonly link: Link;
  readonly terms: ListenerTerms;
}

/** What a first packet says: what it asks for or why not, and how its client is to be spoken to, where that is known. */
export interface FirstPacket {
  readonly version: MqttVersion | null;
  readonly audience: Audience | null;
  readonly request: ConnectRequest | Refusal;
}

/** Reads a CONNECT by the terms of the door that it came to. */
export function readFirstPacket(bytes: Buffer, { link, terms }: Door, { limits, clock }: Broker): FirstPacket {
  const read = readConnectPacket(bytes);
  const { version } = read;
  if (read.refusal !== undefined) return { version, audience: null, request: read.refusal };
  const asked = readConnect(read.packet, limits, clock.now());
  const request = typeof asked === 'string' ? asked : certifiedRequest(asked, link.certificateName, terms);
  return { version, audience: audienceOf(read.packet), request };
}

/** What the authenticator is to look at. */
export function credentialsOf(request: ConnectRequest, { link, terms }: Door): Credentials {
  return {
    clientId: request.clientId,
    username: request.username,
    password: request.password,
    address: link.address,
    certificateName: terms.certificateAs === 'username' ? link.certificateName : null,
    allowAnonymous: terms.allowAnonymous,
    protocol: PROTOCOL_NAMES[request.version],
  };
}

/** A client that wants to come in, and the link that it is at. */
export interface Entrant {
  readonly request: ConnectRequest;
  readonly link: Link;
}

/**
 * What the session is made with of a client that has proved who it is; or the refusal, counted and told, where it is to
 * stay outside. Later where the authorizer has to be asked: about its will, and about what is there of an earlier session.
 */
export function sessionOptions(
  broker: Broker,
  entrant: Entrant & { readonly peer: Peer },
  authentication: Authentication,
): SessionOptions | Refusal | Promise<SessionOptions | Refusal> {
  const { access, sessions } = broker;
  if (!authentication.accepted) return turnOut(broker, entrant, { refusal: authentication.refusal });
  const { clientId, will, cleanStart } = entrant.request;
  const who = admitted(authentication, { clientId, address: entrant.link.address });
  const grants = access.grantsFor(who);
  if (access.asked.isIdle) return judgedOptions(broker, entrant, { who, grants });
  const filters = cleanStart ? [] : (sessions.get(clientId)?.subscriptions.keys() ?? []);
  const questions = access.asked.openQuestions(grants, { filters, topics: will ? [will.topic] : [] });
  if (questions.length === 0) return judgedOptions(broker, entrant, { who, grants });
  // The policy may be another one by then.
  const judge = () => judgedOptions(broker, entrant, { who, grants: access.grantsFor(who, answersIn(grants)) });
  return access.asked.ask(grants, questions).then(judge);
}

function judgedOptions(
  broker: Broker,
  entrant: Entrant & { readonly peer: Peer },
  { who, grants }: { readonly who: Admitted; readonly grants: Grants },
): SessionOptions | Refusal {
  const { request, link, peer } = entrant;
  const { will } = request;
  const verdict = will && grants.publish(will.topic);
  if (verdict) broker.access.hits.of(verdict).hits++;
  if (verdict?.allowed === false) {
    const { labels } = who.identity;
    return turnOut(broker, entrant, { refusal: 'not-authorized', topic: will?.topic, labels, ...verdict });
  }
  const { identity, authenticator, own, validUntil, connectionLimit } = who;
  // Spelled out: V8 gives objects shapes of their own where properties follow a spread, one for each client.
  return {
    identity,
    authenticator,
    own,
    validUntil,
    connectionLimit,
    port: link.port,
    protocol: PROTOCOL_NAMES[request.version],
    grants,
    isClient: true,
    keepAlive: request.keepAlive,
    will,
    willDelayInterval: request.willDelayInterval,
    cleanStart: request.cleanStart,
    sessionExpiryInterval: request.sessionExpiryInterval,
    peer,
  };
}

/** Why a CONNECT was refused; what is left out is not known. */
type ConnectRefusal = Pick<RefusedEvent, 'refusal'> & Partial<RefusedEvent>;

/** Counts that a client was refused, over the topic of its will or altogether, and tells of it. */
export function turnOut(
  broker: Broker,
  { request, link }: Entrant,
  { refusal, topic = null, labels = [], ruleId = null, by = null }: ConnectRefusal,
): Refusal {
  const { clientId, username, version } = request;
  const who = { clientId, username, address: link.address, labels, protocol: PROTOCOL_NAMES[version] };
  broker.refusals.ofConnect({ ...who, topic, refusal, ruleId, by });
  return refusal;
}
