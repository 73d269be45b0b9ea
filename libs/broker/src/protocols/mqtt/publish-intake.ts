import { isUtf8 } from 'node:buffer';
import { isValidTopic } from '@perch/policy';
import type { Question } from '../../access/answers.js';
import { isPaced } from '../../admission/publish-pace.js';
import { newBrake, type Brake } from '../../brake.js';
import type { Broker } from '../../broker.js';
import { controlFrame, type Frame } from '../../frame.js';
import type { KnownTopic, Receipt } from '../../receipt.js';
import type { Refusal } from '../../refusal.js';
import type { NoRoute } from '../../router.js';
import type { Session } from '../../session.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { AckQueue, type Ack, type AckWriter, type PendingAck } from './ack-queue.js';
import { successFrames, writeAcknowledgement } from './answers.js';
import type { Audience } from './audience.js';
import type { ExchangePeer, Outcome } from './exchange-peer.js';
import { publishReaders, type PublishReader } from './fast-packets.js';
import { responseTopicFault } from './handshake.js';
import { knownHeads } from './known-heads.js';
import { readPacket } from './packet-reader.js';
import type { PublishPacket } from './packets.js';
import { PublishHead } from './publish-head.js';
import { SUCCESS } from './reason-codes.js';
import { ReceivedPublish, type Origin, type PublishParts } from './received-publish.js';
import { TopicAliases } from './topic-aliases.js';

/**
 * Deliveries that all clients together may cause in a turn of the event loop, and what each may cause all the same: then
 * others are read, and what waits is sent. Fewer would mean more writes for the same messages.
 */
const TURN_DELIVERIES = 32_768;
const OWN_TURN_DELIVERIES = 2048;

/** Takes what one client publishes, and acknowledges it. */
export class PublishIntake implements Origin, AckWriter {
  readonly clientId: string;
  now = 0;
  /** What the client said last. */
  private head: PublishHead | null = null;
  private readonly heads: TopicTable<PublishHead>;
  private aliases: TopicAliases | null = null;
  /** Null until something holds the client back. */
  private brake: Brake | null;
  /** Null until an acknowledgement has to wait. */
  private acks: AckQueue | null = null;
  /** QoS 2 publishes of an earlier connection that wait for their PUBREL [MQTT 4.3.3]; null for none. */
  private readonly resumed: Set<number> | null;
  /** Those of this one whose PUBREC has not left yet; null for none so far. */
  private unrecorded: Set<number> | null = null;
  private turn = 0;
  private delivered = 0;
  private isResting = false;

  constructor(
    private readonly broker: Broker,
    private readonly session: Session,
    private readonly client: { readonly audience: Audience; readonly peer: ExchangePeer },
  ) {
    this.clientId = session.clientId;
    this.heads = knownHeads(broker);
    this.brake = isPaced(broker.limits) ? this.newBrake() : null;
    this.resumed = session.packetIds && new Set(session.packetIds.keys());
  }

  /**
   * No more is to be taken now. How many publishes may wait for their acknowledgement MQTT 5 was told; MQTT 3 was not,
   * and is not listened to meanwhile.
   */
  get isCongested(): boolean {
    if (this.isResting || this.brake?.isHeld === true) return true;
    return this.pendingAcks > 0 && !this.isMqtt5 && this.pendingAcks >= this.broker.limits.receiveMaximum;
  }

  /** The connection has ended. */
  end(): void {
    this.brake?.end();
  }

  /** Takes the PUBLISH that stands there in the chunk. */
  take(chunk: Buffer, start: number, end: number): Outcome {
    const reader = publishReaders[this.client.audience.version];
    if (!reader.read(chunk, start, end)) return this.takeRare(chunk.subarray(start, end), null);
    if (this.head === null || !this.head.isOf(reader)) {
      this.head =
        reader.payloadStart > reader.propertiesStart
          ? null
          : this.heads.find(chunk, reader.topicStart, reader.topicEnd);
      if (this.head === null) return this.takeNew(reader);
    }
    return this.publish(this.head, reader, reader.packetId);
  }

  /** Its topic is remembered if the client may publish there. */
  private takeNew(reader: PublishReader): Outcome {
    const head = (this.head = PublishHead.plain(reader));
    if (head === null) return this.takeRare(reader.chunk.subarray(reader.start, reader.end), reader);
    const outcome = this.publish(head, reader, reader.packetId);
    if (head.match?.isStale === false) this.heads.add(head);
    return outcome;
  }

  /** PUBREL: forgets the packet id [MQTT-4.3.3-2]. False when it was not known. */
  release(packetId: number): boolean {
    if (this.unrecorded?.has(packetId) === true || !this.session.removePacketId(packetId)) return false;
    this.resumed?.delete(packetId);
    return true;
  }

  private get isMqtt5(): boolean {
    return this.client.audience.version === 5;
  }

  private get pendingAcks(): number {
    return this.acks?.size ?? 0;
  }

  /** A PUBLISH with properties, or one that the fast reader leaves alone. */
  private takeRare(bytes: Buffer, reader: PublishReader | null): Outcome {
    this.head = null;
    const read = readPacket(bytes, this.client.audience.version);
    if (typeof read === 'string') return read;
    const packet = read as PublishPacket;
    const head = this.headOf(packet);
    if (typeof head === 'string') return head;
    if (reader === null) return this.publish(head, partsOf(packet, this.isMqtt5), packet.messageId);
    this.head = head.knownBy(reader);
    return this.publish(head, reader, reader.packetId);
  }

  private headOf(packet: PublishPacket): PublishHead | Refusal {
    const refusal = this.resolveAlias(packet);
    if (refusal) return refusal;
    if (!isValidTopic(packet.topic)) return 'invalid-topic';
    return (
      (packet.properties && responseTopicFault(packet.properties)) ?? new PublishHead(packet.topic, packet.properties)
    );
  }

  /** Puts the topic into a packet that names it by its alias; without one it must be spelled out [MQTT5 3.3.2.1]. */
  private resolveAlias(packet: PublishPacket): Refusal | null {
    const alias = packet.properties?.topicAlias;
    if (alias === undefined) return packet.topic === '' ? 'protocol-error' : null;
    this.aliases ??= new TopicAliases(this.broker.limits.topicAliasMaximum);
    const resolved = this.aliases.resolve(packet.topic, alias);
    if ('refusal' in resolved) return resolved.refusal;
    packet.topic = resolved.topic;
    return null;
  }

  private publish(head: PublishHead, parts: PublishParts, packetId: number): Outcome {
    const { qos } = parts;
    if (qos > 0 && this.isAboveQuota(packetId)) return 'receive-maximum-exceeded';
    if (qos === 2 && this.session.packetIds?.has(packetId)) return this.publishedAgain(packetId);
    const message = new ReceivedPublish(head, parts, this);
    if (head.isText && !isUtf8(message.payloadInPlace)) {
      // A payload that is not what it is said to be is refused like others; QoS 0 has no answer for it but the last one.
      const refusal = 'payload-format-invalid'; // [MQTT5 3.3.2.3.2]
      return qos > 0 ? this.refuse(message, packetId, { refusal, ruleId: null, by: null }) : refusal;
    }
    return this.handOver(message, packetId, head);
  }

  private handOver(message: ReceivedPublish, packetId: number, known: KnownTopic | null): Outcome {
    const { qos } = message;
    const receipt = this.broker.publish(this.session, message, known);
    this.session.messagesIn++;
    this.pace(message, receipt);
    if (receipt.refusal) {
      const { refusal, ruleId, by, question } = receipt;
      if (question) return this.handOverWhenAsked(message, packetId, question);
      return this.refuse(message, packetId, { refusal, ruleId, by });
    }
    if (qos === 2) this.record(packetId, this.session.keepPacketId(packetId, receipt.durable));
    else if (qos === 1 && receipt.copies) this.broker.log.whenSafe(receipt.copies, this.hold('puback', packetId));
    else if (qos === 1 && receipt.durable) this.ackWhenDurable('puback', packetId, receipt.durable);
    else if (qos === 1) this.ack('puback', packetId, SUCCESS);
    return null;
  }

  /** What comes after it waits, so that the order stays. It has not been taken yet, and is counted when it is. */
  private handOverWhenAsked(message: ReceivedPublish, packetId: number, question: Question): Outcome {
    const { counters, access } = this.broker;
    message.detach();
    counters.messagesReceived--;
    counters.payloadBytesReceived -= message.payloadLength;
    this.session.messagesIn--;
    this.client.peer.waitFor(access.ask(this.session, [question]), () => this.handOver(message, packetId, null));
    return null;
  }

  /** [MQTT5 3.3.4] The client's quota begins anew with each connection [MQTT5 4.9]; MQTT 3 was never told of a bound. */
  private isAboveQuota(packetId: number): boolean {
    if (!this.isMqtt5) return false;
    const { packetIds } = this.session;
    const unreleased = (packetIds?.size ?? 0) - (this.resumed?.size ?? 0);
    if (this.pendingAcks + unreleased - (this.unrecorded?.size ?? 0) < this.broker.limits.receiveMaximum) return false;
    return packetIds?.has(packetId) !== true || this.resumed?.has(packetId) === true;
  }

  /** Holds the client back that publishes faster than it may, or than others take it; and lets others have their turn. */
  private pace(message: ReceivedPublish, { strains, delivered }: Receipt): void {
    if (strains !== null) this.brake ??= this.newBrake();
    this.brake?.published(message.payloadLength, strains);
    const { flusher, clock } = this.broker;
    if (this.turn !== flusher.turn) {
      this.turn = flusher.turn;
      this.delivered = 0;
    }
    flusher.deliveries += 1 + delivered;
    this.delivered += 1 + delivered;
    if (this.delivered < OWN_TURN_DELIVERIES || flusher.deliveries < TURN_DELIVERIES || this.isResting) return;
    this.isResting = true;
    clock.soon(this.rested);
  }

  private readonly rested = (): void => {
    this.isResting = false;
    this.delivered = 0;
    this.client.peer.relieved();
  };

  private newBrake(): Brake {
    return newBrake(this.broker, () => this.client.peer.relieved());
  }

  /** [MQTT-4.3.3-2] the same message again; a PUBREC that is on its way answers both */
  private publishedAgain(packetId: number): Outcome {
    if (this.unrecorded?.has(packetId) !== true) this.record(packetId, this.session.packetIds?.get(packetId) ?? null);
    return null;
  }

  private record(packetId: number, kept: Promise<void> | null): void {
    this.resumed?.delete(packetId);
    if (kept || this.pendingAcks > 0) (this.unrecorded ??= new Set()).add(packetId);
    if (kept) this.ackWhenDurable('pubrec', packetId, kept);
    else this.ack('pubrec', packetId, SUCCESS);
  }

  /**
   * MQTT 5 is told. MQTT 3.1.1 has no word for it and is closed [MQTT-3.3.5-2]; 3.1 leaves no choice but to acknowledge
   * what was not allowed [MQTT31-3.3-1].
   */
  private refuse(message: ReceivedPublish, packetId: number, { refusal, ruleId, by }: NoRoute): Outcome {
    const { topic, qos } = message;
    const { version } = this.client.audience;
    // A topic that is no topic has been refused before: this one is longer than is taken [MQTT5 3.4.2.1].
    if (refusal === 'invalid-topic' && (version !== 5 || qos === 0)) return refusal;
    this.broker.refusals.of(this.session, { refusal, ruleId, by, action: 'publish', topic });
    const isToBeAcknowledged = version === 3 && refusal === 'not-authorized';
    if (version !== 5 && !isToBeAcknowledged) this.client.peer.end(refusal);
    else if (qos > 0) this.ack(qos === 1 ? 'puback' : 'pubrec', packetId, refusal);
    return null;
  }

  private ackWhenDurable(command: Ack['command'], packetId: number, durable: Promise<void>): void {
    const ack = this.hold(command, packetId);
    durable.then(
      () => ack.safe(),
      () => ack.lost(),
    );
  }

  /** Keeps a place for an acknowledgement whose message is not safe yet. */
  private hold(command: Ack['command'], packetId: number): PendingAck {
    this.acks ??= new AckQueue(this, this.client.peer);
    return this.acks.hold(command, packetId);
  }

  /** What became of a message that an acknowledgement waited for. */
  writeAck({ command, packetId }: Ack, isSafe: boolean): Frame | null {
    if (isSafe && command === 'pubrec') this.session.packetIdKept(packetId);
    if (isSafe) return successFrames[command];
    // Not kept, so not acknowledged: MQTT 5 is told, MQTT 3 sends it again when it comes back.
    if (command === 'pubrec') this.forget(packetId);
    const refused = { refusal: 'unavailable', ruleId: null, by: null } as const;
    this.broker.refusals.of(this.session, { ...refused, action: 'publish', topic: null });
    if (this.isMqtt5) return this.frameOf(command, packetId, 'unavailable');
    this.client.peer.end('unavailable');
    return null;
  }

  /** Sends an acknowledgement whose turn has come. */
  sendAck({ command, packetId }: Ack, frame: Frame): void {
    if (command === 'pubrec') this.unrecorded?.delete(packetId);
    this.client.peer.answer(frame, packetId);
  }

  private forget(packetId: number): void {
    this.session.removePacketId(packetId);
    this.resumed?.delete(packetId);
    this.unrecorded?.delete(packetId);
  }

  private ack(command: Ack['command'], packetId: number, outcome: number | Refusal): void {
    const frame = this.frameOf(command, packetId, outcome);
    if (this.pendingAcks > 0) this.acks?.push({ command, packetId, frame });
    else this.client.peer.answer(frame, packetId);
  }

  private frameOf(command: Ack['command'], packetId: number, outcome: number | Refusal): Frame {
    if (outcome === SUCCESS) return successFrames[command];
    const { reason } = this.broker.refusals;
    return controlFrame(writeAcknowledgement({ command, packetId, outcome, reason }, this.client.audience));
  }
}

/** Those of a packet that was read whole. */
function partsOf({ payload, qos, dup, retain }: PublishPacket, hasProperties: boolean): PublishParts {
  const end = payload.length;
  return { chunk: payload, start: -1, topicEnd: 0, payloadStart: 0, end, qos, isDup: dup, retain, hasProperties };
}
