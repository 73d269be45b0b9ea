import { isValidFilter } from '@perch/policy';
import type { Broker } from '../../broker.js';
import { controlFrame, type Frame } from '../../frame.js';
import type { Refusal } from '../../refusal.js';
import type { Session } from '../../session.js';
import type { Subscription, SubscriptionRequest } from '../../subscription.js';
import { successFrames, writeAcknowledgement, writeSuback, writeUnsuback, type FilterOutcomes } from './answers.js';
import type { Audience } from './audience.js';
import type { ExchangePeer, Outcome } from './exchange-peer.js';
import { PUBACK_TYPE, PUBCOMP_TYPE, PUBLISH_TYPE, PUBREC_TYPE, PUBREL_TYPE, readShortAck } from './fast-packets.js';
import { writePacket, type MqttVersion } from './packet-codec.js';
import { readPacket } from './packet-reader.js';
import type { ClientPacket, SubscribePacket, SubscriptionFields, UnsubscribePacket } from './packets.js';
import { PublishIntake } from './publish-intake.js';
import {
  FIRST_FAILURE,
  NO_SUBSCRIPTION_EXISTED,
  PACKET_ID_NOT_FOUND,
  reasonCodeIn,
  SUBACK_FAILURE,
  SUCCESS,
} from './reason-codes.js';

type AckCommand = 'pubrel' | 'pubcomp';

const ACK_TYPES = { puback: PUBACK_TYPE, pubrel: PUBREL_TYPE, pubcomp: PUBCOMP_TYPE };

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

const PINGRESP: Frame = controlFrame(writePacket({ cmd: 'pingresp' }, 4));

/** The packets of a client that is connected, one method each. */
export class MqttExchange {
  private readonly version: MqttVersion;
  private readonly audience: Audience;
  private readonly mayOutlive: boolean;
  private readonly isBridge: boolean;
  private readonly peer: ExchangePeer;
  /** Null until the client publishes something. */
  private intake: PublishIntake | null = null;
  /** When what is being read came, in ms since the epoch. */
  private now: number;
  /** Answers that wait for a commit, but for those to publishes. */
  private waiting = 0;

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
    this.now = broker.clock.now();
  }

  /** As many answers wait as may, or the client publishes too fast: it is not listened to. */
  get isCongested(): boolean {
    if (this.intake !== null && this.intake.isCongested) return true;
    return this.waiting > 0 && this.waiting >= this.broker.limits.receiveMaximum;
  }

  /** The connection has ended. */
  end(): void {
    this.intake?.end();
  }

  /** What is handed over from now on has just come. */
  begin(): void {
    this.now = this.broker.clock.now();
  }

  /** Handles the packet that stands there in the chunk. */
  take(chunk: Buffer, start: number, end: number): Outcome {
    const type = (chunk[start] as number) >> 4;
    if (type === PUBLISH_TYPE) return this.publish(chunk, start, end);
    const acknowledged = readShortAck(chunk, start, end);
    if (acknowledged > 0) return this.acknowledged(type, acknowledged);
    const packet = readPacket(chunk.subarray(start, end), this.version);
    return typeof packet === 'string' ? packet : this.takeRead(packet);
  }

  private publish(chunk: Buffer, start: number, end: number): Outcome {
    const intake = (this.intake ??= this.newIntake());
    intake.now = this.now;
    return intake.take(chunk, start, end);
  }

  private newIntake(): PublishIntake {
    return new PublishIntake(this.broker, this.session, { audience: this.audience, peer: this.peer });
  }

  private acknowledged(type: number, packetId: number): Outcome {
    switch (type) {
      case PUBACK_TYPE:
        this.session.acknowledged(packetId);
        return null;
      case PUBREC_TYPE:
        return this.pubrec(packetId, SUCCESS);
      case PUBREL_TYPE:
        return this.pubrel(packetId);
      case PUBCOMP_TYPE:
        this.session.completed(packetId);
    }
    return null;
  }

  private takeRead(packet: ClientPacket): Outcome {
    switch (packet.cmd) {
      case 'puback':
      case 'pubrel':
      case 'pubcomp':
        return this.acknowledged(ACK_TYPES[packet.cmd], packet.messageId);
      case 'pubrec':
        return this.pubrec(packet.messageId, packet.reasonCode);
      case 'subscribe':
        return this.subscribeWhenAsked(packet);
      case 'unsubscribe':
        return this.unsubscribe(packet);
      case 'pingreq':
        this.peer.outbox.push(PINGRESP, 0);
        return null;
      case 'disconnect':
        return this.disconnect(packet.reasonCode, packet.properties.sessionExpiryInterval);
      case 'auth': // No method was agreed on [MQTT5-4.12.0-7].
      case 'publish': // is taken by the intake
        return 'protocol-error';
    }
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
    const isReleased = (this.intake ??= this.newIntake()).release(packetId);
    const code = isReleased ? SUCCESS : PACKET_ID_NOT_FOUND;
    if (this.session.durable) this.whenCommitted(() => this.ack('pubcomp', packetId, code));
    else this.ack('pubcomp', packetId, code);
    return null;
  }

  /** What the rules do not settle is asked about before any of it is granted. */
  private subscribeWhenAsked(packet: SubscribePacket): Outcome {
    const { asked } = this.broker.access;
    if (asked.isIdle) return this.subscribe(packet);
    const { grants } = this.session;
    const filters = packet.subscriptions.map(({ topic }) => topic);
    const questions = asked.openQuestions(grants, { filters, topics: [] });
    if (questions.length === 0) return this.subscribe(packet);
    this.peer.waitFor(this.broker.access.ask(this.session, questions), () => this.subscribe(packet));
    return null;
  }

  private subscribe(packet: SubscribePacket): Outcome {
    const identifier = packet.properties.subscriptionIdentifier;
    const replays: Subscription[] = [];
    const outcomes: FilterOutcomes = { codes: [], refused: [] };
    for (const wanted of packet.subscriptions) {
      // [MQTT-4.7.3-1] an empty filter, or one that breaks 4.7, ends an MQTT 3 connection
      if (this.version !== 5 && !isValidFilter(wanted.topic)) return 'invalid-filter';
      const isReplayed = wanted.rh === 0 || (wanted.rh === 1 && !this.session.subscriptions.has(wanted.topic));
      if (wanted.nl && wanted.topic.startsWith('$share/')) return 'protocol-error'; // [MQTT5-3.8.3-4]
      const outcome = this.broker.subscribe(this.session, this.requestOf(wanted, identifier));
      if (typeof outcome === 'string') this.noteRefusal(wanted, outcome, outcomes);
      else {
        outcomes.codes.push(outcome.qos);
        if (isReplayed) replays.push(outcome);
      }
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
  private noteRefusal({ topic: filter, qos }: SubscriptionFields, refusal: Refusal, outcomes: FilterOutcomes): void {
    outcomes.refused.push({ filter, refusal, reason: this.broker.refusals.reason });
    if (this.version === 3) outcomes.codes.push(qos);
    else outcomes.codes.push(this.version === 5 ? reasonCodeIn('suback', refusal) : SUBACK_FAILURE);
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

  private ack(command: AckCommand, packetId: number, outcome: number): void {
    if (outcome === SUCCESS) this.peer.answer(successFrames[command], packetId);
    else this.send(writeAcknowledgement({ command, packetId, outcome }, this.audience));
  }

  private send(packet: Buffer): void {
    this.peer.answer(controlFrame(packet), 0);
  }
}
