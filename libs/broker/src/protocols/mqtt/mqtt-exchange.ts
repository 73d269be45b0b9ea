import { isValidFilter, isValidTopic } from '@perch/policy';
import { isPaced } from '../../admission/publish-pace.js';
import { newBrake, type Brake } from '../../brake.js';
import type { Broker } from '../../broker.js';
import type { CloseReason } from '../../events.js';
import { controlFrame, type Frame } from '../../frame.js';
import type { Message } from '../../message.js';
import type { Refusal } from '../../refusal.js';
import type { Peer, Session } from '../../session.js';
import { Subscription, type SubscriptionRequest } from '../../subscription.js';
import { AckQueue, type PendingAck } from './ack-queue.js';
import { writeAcknowledgement, writeSuback, writeUnsuback, type FilterOutcome } from './answers.js';
import type { Audience } from './audience.js';
import { expiryOf, messageFault } from './handshake.js';
import { writePacket, type MqttVersion } from './packet-codec.js';
import { messageProperties } from './packet-properties.js';
import { bodyStart } from './packet-reader.js';
import type { ClientPacket, PublishPacket, SubscribePacket, SubscriptionFields, UnsubscribePacket } from './packets.js';
import {
  FIRST_FAILURE,
  NO_SUBSCRIPTION_EXISTED,
  PACKET_ID_NOT_FOUND,
  reasonCodeIn,
  SUBACK_FAILURE,
  SUCCESS,
} from './reason-codes.js';
import { TopicAliases } from './topic-aliases.js';

type AckCommand = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';

/** What a packet leads to: go on, end the link with a refusal, or the client's own good-bye. */
export type Outcome = CloseReason | null;

/** What an exchange is made with. */
export interface ExchangeOptions {
  readonly audience: Audience;
  /** The CONNECT asked for a session that outlives the connection, and got it. */
  readonly mayOutlive: boolean;
  /** Another broker. */
  readonly isBridge: boolean;
  /** Where answers go. */
  readonly peer: ExchangePeer;
}

/** The connection of an exchange. */
export interface ExchangePeer extends Peer {
  /** The exchange may be congested no more. */
  relieved(): void;
}

const PUBREC_TYPE = 5;
const PINGRESP: Frame = controlFrame(writePacket({ cmd: 'pingresp' }, 4));

/** The packets of a client that is connected, one method each. */
export class MqttExchange {
  private readonly version: MqttVersion;
  private readonly audience: Audience;
  private readonly mayOutlive: boolean;
  private readonly isBridge: boolean;
  private readonly peer: ExchangePeer;
  /** Null until something holds the client back. */
  private brake: Brake | null;
  /** Null until an acknowledgement has to wait. */
  private acks: AckQueue | null = null;
  /** Answers that wait for a commit, but for those in `acks`. */
  private waiting = 0;
  /** QoS 2 publishes of an earlier connection that wait for their PUBREL [MQTT 4.3.3]; null for none. */
  private readonly resumed: Set<number> | null;
  /** Those of this one whose PUBREC has not left yet; null for none so far. */
  private unrecorded: Set<number> | null = null;
  private aliases: TopicAliases | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly session: Session,
    { audience, mayOutlive, isBridge, peer }: ExchangeOptions,
  ) {
    this.version = audience.version;
    this.audience = audience;
    this.mayOutlive = mayOutlive;
    this.isBridge = isBridge;
    this.peer = peer;
    this.brake = isPaced(broker.limits) ? this.newBrake() : null;
    this.resumed = session.packetIds && new Set(session.packetIds.keys());
  }

  /**
   * As many answers wait for their commit as may: the client is not listened to. How many publishes may wait MQTT 5 was
   * told, MQTT 3 was not.
   */
  get isCongested(): boolean {
    if (this.brake?.isHeld === true) return true;
    const { receiveMaximum } = this.broker.limits;
    return this.waiting >= receiveMaximum || (this.version !== 5 && this.pendingAcks >= receiveMaximum);
  }

  private get pendingAcks(): number {
    return this.acks?.size ?? 0;
  }

  private newBrake(): Brake {
    return newBrake(this.broker, () => this.peer.relieved());
  }

  /** The connection has ended. */
  end(): void {
    this.brake?.end();
  }

  /** Handles one packet. */
  take(packet: ClientPacket): Outcome {
    switch (packet.cmd) {
      case 'publish':
        return this.publish(packet);
      case 'puback':
        this.session.acknowledged(packet.messageId);
        return null;
      case 'pubrec':
        return this.pubrec(packet.messageId, packet.reasonCode);
      case 'pubrel':
        return this.pubrel(packet.messageId);
      case 'pubcomp':
        this.session.completed(packet.messageId);
        return null;
      case 'subscribe':
        return this.subscribe(packet);
      case 'unsubscribe':
        return this.unsubscribe(packet);
      case 'pingreq':
        this.peer.outbox.push(PINGRESP, 0);
        return null;
      case 'disconnect':
        return this.disconnect(packet.reasonCode, packet.properties.sessionExpiryInterval);
      case 'auth':
        // No method was agreed on [MQTT5-4.12.0-7].
        return 'protocol-error';
    }
  }

  private publish(packet: PublishPacket): Outcome {
    const refusal = this.resolveAlias(packet) ?? this.publishFault(packet);
    if (refusal) return refusal;
    const packetId = packet.messageId;
    if (packet.qos === 2 && this.session.packetIds?.has(packetId)) return this.publishedAgain(packetId);
    const fault = packet.properties && messageFault(packet.properties, packet.payload);
    // A payload that is not what it is said to be is refused like others; QoS 0 has no answer for it but the last one.
    if (fault === 'payload-format-invalid' && packet.qos > 0) return this.publishRefused(packet, fault, null);
    if (fault) return fault;
    const message = this.messageOf(packet);
    const receipt = this.broker.publish(this.session, message);
    if (receipt.strains !== null) this.brake ??= this.newBrake();
    this.brake?.published(message.payload.length, receipt.strains);
    this.session.messagesIn++;
    if (receipt.refusal) return this.publishRefused(packet, receipt.refusal, receipt.ruleId);
    if (packet.qos === 0) return null;
    if (packet.qos === 2) this.record(packetId, this.session.keepPacketId(packetId, receipt.durable));
    else if (receipt.copies) this.broker.log.whenSafe(receipt.copies, this.hold('puback', packetId));
    else if (receipt.durable) this.ackWhenDurable('puback', packetId, receipt.durable);
    else this.ack('puback', packetId, SUCCESS);
    return null;
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

  private publishFault(packet: PublishPacket): Refusal | null {
    if (!isValidTopic(packet.topic)) return 'invalid-topic';
    if (this.version !== 5) return null; // [MQTT5 3.3.4] the bound was never told
    if (packet.qos === 0) return null;
    // The client's quota begins anew with each connection [MQTT5 4.9].
    const unreleased = (this.session.packetIds?.size ?? 0) - (this.resumed?.size ?? 0);
    if (this.pendingAcks + unreleased - (this.unrecorded?.size ?? 0) < this.broker.limits.receiveMaximum) return null;
    const isTaken = this.session.packetIds?.has(packet.messageId) && !this.resumed?.has(packet.messageId);
    return isTaken ? null : 'receive-maximum-exceeded';
  }

  private messageOf(packet: PublishPacket): Message {
    const now = this.broker.clock.now();
    const { payload } = packet;
    return {
      topic: packet.topic,
      // What may outlive this turn must not hold on to the chunk that it came in.
      payload: packet.qos > 0 || packet.retain ? Buffer.from(payload) : payload,
      qos: packet.qos,
      retain: packet.retain,
      properties: messageProperties(packet.properties),
      publisher: this.session.clientId,
      receivedAt: now,
      expiresAt: expiryOf(packet.properties?.messageExpiryInterval, now),
    };
  }

  /**
   * MQTT 5 is told. MQTT 3.1.1 has no word for it and is closed [MQTT-3.3.5-2]; 3.1 leaves no choice but to acknowledge
   * what was not allowed [MQTT31-3.3-1].
   */
  private publishRefused(packet: PublishPacket, refusal: Refusal, ruleId: string | null): Outcome {
    // A topic that is no topic has been refused before: this one is longer than is taken [MQTT5 3.4.2.1].
    if (refusal === 'invalid-topic' && (this.version !== 5 || packet.qos === 0)) return refusal;
    const event = { refusal, action: 'publish' as const, topic: packet.topic, ruleId };
    this.broker.refused(this.session, event);
    const isToBeAcknowledged = this.version === 3 && refusal === 'not-authorized';
    if (this.version !== 5 && !isToBeAcknowledged) this.peer.end(refusal);
    else if (packet.qos === 1) this.ack('puback', packet.messageId, refusal);
    else if (packet.qos === 2) this.ack('pubrec', packet.messageId, refusal);
    return null;
  }

  private ackWhenDurable(command: 'puback' | 'pubrec', packetId: number, durable: Promise<void>): void {
    const ack = this.hold(command, packetId);
    durable.then(
      () => ack.safe(),
      () => ack.lost(),
    );
  }

  /** Keeps a place for an acknowledgement whose message is not safe yet. */
  private hold(command: 'puback' | 'pubrec', packetId: number): PendingAck {
    this.acks ??= new AckQueue(this, this.peer);
    return this.acks.hold(command, packetId);
  }

  /** What became of a message that an acknowledgement waited for. */
  writeAck({ command, packetId }: PendingAck, isSafe: boolean): Buffer | null {
    if (isSafe && command === 'pubrec') this.session.packetIdKept(packetId);
    if (isSafe) return this.ackFrame(command, packetId, SUCCESS);
    // Not kept, so not acknowledged: MQTT 5 is told, MQTT 3 sends it again when it comes back.
    if (command === 'pubrec') this.forget(packetId);
    this.broker.refused(this.session, { refusal: 'unavailable', action: 'publish', topic: null, ruleId: null });
    if (this.version === 5) return this.ackFrame(command, packetId, 'unavailable');
    this.peer.end('unavailable');
    return null;
  }

  private pubrec(packetId: number, code: number): Outcome {
    if (code >= FIRST_FAILURE) this.session.refused(packetId);
    else if (!this.session.received(packetId)) this.ack('pubrel', packetId, PACKET_ID_NOT_FOUND);
    return null;
  }

  /** Goes on with a QoS 2 delivery whose PUBREC has come. */
  release(packetId: number): void {
    this.ack('pubrel', packetId, SUCCESS);
  }

  /** PUBCOMP lets the client use the packet id again: that it is free must survive a crash. */
  private pubrel(packetId: number): Outcome {
    const isReleased = this.unrecorded?.has(packetId) !== true && this.session.removePacketId(packetId);
    if (isReleased) this.resumed?.delete(packetId);
    const code = isReleased ? SUCCESS : PACKET_ID_NOT_FOUND;
    if (this.session.durable) this.whenCommitted(() => this.ack('pubcomp', packetId, code));
    else this.ack('pubcomp', packetId, code);
    return null;
  }

  private forget(packetId: number): void {
    this.session.removePacketId(packetId);
    this.resumed?.delete(packetId);
    this.unrecorded?.delete(packetId);
  }

  private subscribe(packet: SubscribePacket): Outcome {
    const identifier = packet.properties.subscriptionIdentifier;
    const replays: Subscription[] = [];
    const outcomes: FilterOutcome[] = [];
    for (const wanted of packet.subscriptions) {
      // [MQTT-4.7.3-1] an empty filter, or one that breaks 4.7, ends an MQTT 3 connection
      if (this.version !== 5 && !isValidFilter(wanted.topic)) return 'invalid-filter';
      const isNew = !this.session.subscriptions.has(wanted.topic);
      if (wanted.nl && wanted.topic.startsWith('$share/')) return 'protocol-error'; // [MQTT5-3.8.3-4]
      const outcome = this.broker.subscribe(this.session, this.requestOf(wanted, identifier));
      outcomes.push(this.outcomeOf(wanted, outcome));
      if (outcome instanceof Subscription && (wanted.rh === 0 || (wanted.rh === 1 && isNew))) replays.push(outcome);
    }
    const suback = writeSuback(packet.messageId, outcomes, this.audience);
    this.whenCommitted(() => {
      this.send(suback);
      for (const subscription of replays) this.broker.replay(subscription);
    });
    return null;
  }

  /** A bridge passes on what others publish: not what it brought itself, and with the RETAIN flag it had. */
  private requestOf(wanted: SubscriptionFields, identifier: number | undefined): SubscriptionRequest {
    return {
      filter: wanted.topic,
      qos: wanted.qos,
      noLocal: wanted.nl || this.isBridge,
      retainAsPublished: wanted.rap || this.isBridge,
      retainHandling: wanted.rh,
      identifiers: identifier === undefined ? undefined : [identifier],
    };
  }

  /** [MQTT31-3.8-1] MQTT 3.1 has no code for a failure: the QoS that was asked for stands there, and nothing comes */
  private outcomeOf({ topic: filter, qos }: SubscriptionFields, outcome: Subscription | Refusal): FilterOutcome {
    if (outcome instanceof Subscription) return { filter, code: outcome.qos, refusal: null };
    if (this.version === 3) return { filter, code: qos, refusal: outcome };
    return { filter, code: this.version === 5 ? reasonCodeIn('suback', outcome) : SUBACK_FAILURE, refusal: outcome };
  }

  private unsubscribe(packet: UnsubscribePacket): Outcome {
    const granted = packet.unsubscriptions.map((filter) =>
      this.broker.unsubscribe(this.session, filter) ? SUCCESS : NO_SUBSCRIPTION_EXISTED,
    );
    const unsuback = writeUnsuback(packet.messageId, granted, this.audience);
    this.whenCommitted(() => this.send(unsuback));
    return null;
  }

  private disconnect(code: number, sessionExpiryInterval: number | undefined): Outcome {
    if (sessionExpiryInterval !== undefined) {
      // [MQTT5 3.14.2.2.2] a session that was to end with the connection cannot be made to stay
      if (sessionExpiryInterval > 0 && !this.mayOutlive) return 'protocol-error';
      this.session.sessionExpiryInterval = Math.min(sessionExpiryInterval, this.broker.limits.sessionExpirySeconds);
    }
    // [MQTT5-3.1.2-10] only a good-bye without a complaint removes the will
    return code === SUCCESS ? 'client-disconnected' : 'disconnected-with-will';
  }

  private whenCommitted(answer: () => void): void {
    let isLate = false;
    this.waiting++;
    this.session.whenCommitted(() => {
      this.waiting--;
      answer();
      if (isLate) this.peer.relieved();
    });
    isLate = true;
  }

  private ack(command: AckCommand, packetId: number, outcome: number | Refusal): void {
    const frame = this.ackFrame(command, packetId, outcome);
    if (command !== 'puback' && command !== 'pubrec') this.send(frame);
    else if (this.acks) this.acks.push(frame);
    else this.sendAck(frame);
  }

  private ackFrame(command: AckCommand, packetId: number, outcome: number | Refusal): Buffer {
    return writeAcknowledgement({ command, packetId, outcome }, this.audience);
  }

  /** Sends an acknowledgement whose turn has come. */
  sendAck(frame: Buffer): void {
    if (this.unrecorded !== null && this.unrecorded.size > 0 && (frame[0] as number) >> 4 === PUBREC_TYPE)
      this.unrecorded.delete(frame.readUInt16BE(bodyStart(frame)));
    this.send(frame);
  }

  private send(frame: Buffer): void {
    const { peer } = this;
    // [MQTT5-3.1.2-24] an answer can be neither left out nor sent in parts
    if (frame.length > peer.maximumPacketBytes) return peer.refuse('packet-too-large');
    peer.outbox.push(controlFrame(frame), 0);
  }
}
