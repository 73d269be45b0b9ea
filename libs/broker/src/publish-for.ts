import { isUtf8 } from 'node:buffer';
import { isValidTopic } from '@perch/policy';
import type { Strain } from './back-pressure.js';
import { Brake } from './brake.js';
import type { Broker } from './broker.js';
import type { Caller } from './caller.js';
import { payloadBytes, sizeOf, type Message } from './message.js';
import type { NoRoute } from './router.js';
import { isTooLong } from './topic-bounds.js';

/** Why a message was not taken. */
export interface PublishRefusal extends Omit<NoRoute, 'question'> {
  /** What the publisher may be told of the rule behind it, or null. */
  readonly reason: string | null;
  /** It was sent all the same; what must survive a crash was not kept. */
  readonly wasSent: boolean;
}

/** What came of it: how many sessions were sent it or have it queued, or why nobody was. */
export type PublishOutcome = { readonly refusal: null; readonly delivered: number } | PublishRefusal;

const NOT_JUDGED = { ruleId: null, by: null };
/** So many of a batch in one turn of the event loop. */
const MESSAGES_PER_TURN = 64;

/** Publishes one after the other, in their order, and waits for all of them together. */
export async function publishAllFor(
  broker: Broker,
  caller: Caller,
  messages: readonly Message[],
): Promise<PublishOutcome[]> {
  const { asked } = broker.access;
  const topics = [...new Set(messages.map(({ topic }) => topic))];
  // Asked before, so that none overtakes another.
  await asked.ask(caller.grants, asked.openQuestions(caller.grants, { filters: [], topics }));
  const outcomes: Promise<PublishOutcome>[] = [];
  for (const message of messages) {
    outcomes.push(publishFor(broker, caller, message));
    if (outcomes.length % MESSAGES_PER_TURN === 0) await new Promise<void>((resolve) => broker.clock.soon(resolve));
  }
  return Promise.all(outcomes);
}

/** Publishes for somebody without a connection. Resolves when an acknowledgement might be sent. */
export async function publishFor(broker: Broker, caller: Caller, message: Message): Promise<PublishOutcome> {
  const fault = faultIn(message, broker.limits.packetBytes);
  if (fault) return refused(broker, { caller, message }, { refusal: fault, ...NOT_JUDGED });
  caller.keepUp(broker);
  let receipt = broker.publish(caller, message);
  if (receipt.question) {
    // It has not been taken yet, and is counted when it is.
    broker.counters.messagesReceived--;
    broker.counters.payloadBytesReceived -= payloadBytes(message);
    await broker.access.asked.ask(caller.grants, [receipt.question]);
    receipt = broker.publish(caller, message);
  }
  // The broker uses its receipt again: nothing is awaited before what is needed of it has been read.
  const { refusal, ruleId, by, delivered, durable, strains } = receipt;
  if (refusal) return refused(broker, { caller, message }, { refusal, ruleId, by });
  if (strains) await relief(broker, strains);
  try {
    await durable;
  } catch {
    const lost = refused(broker, { caller, message }, { refusal: 'unavailable', ...NOT_JUDGED });
    return { ...lost, wasSent: true };
  }
  return { refusal: null, delivered };
}

/** Why the message could not be published, told and counted as if it had been; null where nothing is known against it. */
export function refusalFor(broker: Broker, caller: Caller, message: Message): PublishRefusal | null {
  const { topic } = message;
  const isTopic = isValidTopic(topic) && !isTooLong(topic, broker.limits);
  const fault = faultIn(message, broker.limits.packetBytes) ?? (isTopic ? null : 'invalid-topic');
  if (fault) return refused(broker, { caller, message }, { refusal: fault, ...NOT_JUDGED });
  const { allowed, ruleId, by } = caller.grants.publish(topic);
  return allowed ? null : refused(broker, { caller, message }, { refusal: 'not-authorized', ruleId, by });
}

function faultIn(message: Message, limitBytes: number) {
  const { payload, properties } = message;
  if (sizeOf(message) > limitBytes) return 'packet-too-large';
  const isText = properties?.payloadFormatIndicator === true;
  return isText && !isUtf8(payload) ? 'payload-format-invalid' : null; // [MQTT5 3.3.2.3.2]
}

/** Told and counted as a refused PUBLISH is. */
function refused(
  { refusals }: Broker,
  { caller, message }: { readonly caller: Caller; readonly message: Message },
  why: Omit<NoRoute, 'question'>,
): PublishRefusal {
  refusals.ofPublish(caller.who, { ...why, topic: message.topic });
  return { ...why, reason: refusals.reason, wasSent: false };
}

/** Answered late, so that who waits for answers is slowed down by those who read slowly: a second at most. */
function relief({ pressure }: Broker, strains: readonly Strain[]): Promise<void> {
  return new Promise((resolve) => {
    const brake = new Brake(pressure, null, resolve);
    brake.published(0, strains);
    if (!brake.isHeld) resolve();
  });
}
