import { Frame } from '../../frame.js';
import type { Refusal } from '../../refusal.js';
import { writeExplained, type Audience, type Explanation } from './audience.js';
import { writeAck } from './fast-packets.js';
import { writePacket } from './packet-codec.js';
import { NO_SUBSCRIPTION_EXISTED, reasonCodeIn, SUCCESS } from './reason-codes.js';
import { outcomeTexts, reasonTexts } from './reason-texts.js';
import { writeCodes } from './usual-answers.js';

/** How many refused filters of one SUBSCRIBE are explained one by one. */
const MAX_EXPLAINED = 8;

/** PUBACK, PUBREC, PUBREL or PUBCOMP, and what it says: a reason code, or a refusal. */
export interface Acknowledgement {
  readonly command: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
  readonly packetId: number;
  readonly outcome: number | Refusal;
  /** What is to be said of a refusal beyond its kind, or null. */
  readonly reason?: string | null;
}

/** Acknowledgements that say success; each is sent with its packet id. */
export const successFrames: Record<Acknowledgement['command'], Frame> = {
  puback: successFrame('puback'),
  pubrec: successFrame('pubrec'),
  pubrel: successFrame('pubrel'),
  pubcomp: successFrame('pubcomp'),
};

function successFrame(command: Acknowledgement['command']): Frame {
  const bytes = writeAck(command, 0);
  return new Frame(bytes, bytes.length - 2, false);
}

/** Writes an acknowledgement, with a reason where there is one to give [MQTT5 3.4.2.2]. */
export function writeAcknowledgement(acknowledgement: Acknowledgement, audience: Audience): Buffer {
  const { command, packetId, outcome, reason = null } = acknowledgement;
  // A success needs no reason code: the short form [MQTT5 3.4.2.1].
  if (audience.version !== 5 || outcome === SUCCESS) return writeAck(command, packetId);
  const isRefusal = typeof outcome === 'string';
  const reasonCode = isRefusal ? reasonCodeIn(command === 'pubrec' ? 'pubrec' : 'puback', outcome) : outcome;
  const reasonString = isRefusal ? reasonTexts[outcome] : outcomeTexts[outcome];
  const explanations = reasonString === undefined ? [] : [{ reasonString }];
  if (isRefusal && reason !== null) explanations.unshift({ reasonString: reason });
  return explain({ cmd: command, messageId: packetId, reasonCode }, audience, explanations);
}

/** A filter that was refused, and why. */
export interface RefusedFilter {
  readonly filter: string;
  readonly refusal: Refusal;
  /** What is to be said of it beyond its kind, or null. */
  readonly reason: string | null;
}

/** What came of the filters of one SUBSCRIBE. */
export interface FilterOutcomes {
  /** One for each filter, in their order. */
  readonly codes: number[];
  readonly refused: RefusedFilter[];
}

/** Writes SUBACK: a code for each filter [MQTT5-3.8.4-6], and why those that were refused were. */
export function writeSuback(packetId: number, { codes, refused }: FilterOutcomes, audience: Audience): Buffer {
  const [first] = refused;
  if (!first || audience.version !== 5) return writeCodes('suback', { packetId, codes }, audience.version);
  const reasons = refused.map((outcome) => [outcome.filter, reasonOf(outcome)] as const);
  const short = { reasonString: reasonOf(first) };
  const isOneOfMany = codes.length > 1 && reasons.length <= MAX_EXPLAINED;
  const packet = { cmd: 'suback' as const, messageId: packetId, granted: codes };
  return explain(packet, audience, isOneOfMany ? [{ ...short, userProperties: reasons }, short] : [short]);
}

function reasonOf({ refusal, reason }: RefusedFilter): string {
  return reason ?? reasonTexts[refusal];
}

/** Writes UNSUBACK: a code for each filter, in their order [MQTT5-3.11.3-1]. */
export function writeUnsuback(packetId: number, granted: number[], audience: Audience): Buffer {
  if (audience.version !== 5) return writeCodes('unsuback', { packetId, codes: [] }, audience.version);
  if (!granted.includes(NO_SUBSCRIPTION_EXISTED)) return writeCodes('unsuback', { packetId, codes: granted }, 5);
  const packet = { cmd: 'unsuback' as const, messageId: packetId, granted };
  return explain(packet, audience, [{ reasonString: outcomeTexts[NO_SUBSCRIPTION_EXISTED] }]);
}

/** [MQTT5-3.1.2-29] whoever wants no problem information gets none here. */
function explain(
  packet: Parameters<typeof writePacket>[0],
  { wantsProblems, maximumPacketBytes }: Audience,
  explanations: readonly Explanation[],
): Buffer {
  return wantsProblems ? writeExplained(packet, maximumPacketBytes, explanations) : writePacket(packet, 5);
}
