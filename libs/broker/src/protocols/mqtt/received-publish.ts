import { Frame, shapeOf } from '../../frame.js';
import type { Message, MessageProperties, Qos } from '../../message.js';
import { expiryOf } from './handshake.js';
import type { PublishHead } from './publish-head.js';

/** Where the parts of a PUBLISH stand in a chunk. */
export interface PublishParts {
  readonly chunk: Buffer;
  /** Where the packet begins, or -1 where it is not in the chunk as it came. */
  readonly start: number;
  readonly qos: Qos;
  readonly isDup: boolean;
  readonly retain: boolean;
  readonly topicEnd: number;
  readonly payloadStart: number;
  readonly end: number;
  /** Its version has properties. */
  readonly hasProperties: boolean;
}

/** Whose it is, and when it came. */
export interface Origin {
  readonly clientId: string;
  /** In ms since the epoch. */
  readonly now: number;
}

/** A message that a client has published. It stays in the chunk that it came in until somebody asks for its payload. */
export class ReceivedPublish implements Message {
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: MessageProperties | null;
  readonly publisher: string;
  readonly receivedAt: number;
  readonly expiresAt: number | null;
  readonly payloadLength: number;
  /** Of MQTT 5, where a PUBLISH is written otherwise. */
  readonly isMqtt5: boolean;
  /** Where it stands in the chunk, the payload at its end; it begins at -1 where nothing but the payload is left. */
  chunk: Buffer;
  start: number;
  payloadStart: number;
  end: number;
  private readonly isPassedOn: boolean;
  private readonly packetIdOffset: number;

  constructor(
    readonly head: PublishHead,
    { chunk, start, qos, isDup, retain, topicEnd, payloadStart, end, hasProperties }: PublishParts,
    { clientId, now }: Origin,
  ) {
    this.topic = head.topic;
    this.qos = qos;
    this.retain = retain;
    this.properties = head.properties;
    this.publisher = clientId;
    this.receivedAt = now;
    this.expiresAt = expiryOf(head.expiryInterval, now);
    this.payloadLength = end - payloadStart;
    this.isMqtt5 = hasProperties;
    this.chunk = chunk;
    this.payloadStart = payloadStart;
    this.end = end;
    this.start = start;
    this.isPassedOn = head.isPassedOn && !isDup;
    this.packetIdOffset = qos > 0 ? topicEnd - start : 0;
  }

  /** Cut out of the chunk, so that what keeps it does not keep the chunk. */
  get payload(): Buffer {
    this.detach();
    return this.chunk;
  }

  /** The same where it stands: to be looked at, not to be kept. */
  get payloadInPlace(): Buffer {
    return this.chunk.subarray(this.payloadStart, this.end);
  }

  /** Lets go of the chunk: the message is to be kept for longer than this turn. */
  detach(): void {
    if (this.payloadStart === 0 && this.end === this.chunk.length) return;
    this.chunk = Buffer.from(this.payloadInPlace);
    this.payloadStart = 0;
    this.end = this.chunk.length;
    this.start = -1;
  }

  /** The packet as it came, where a delivery of this shape is written just so; otherwise null. */
  asItCame(shape: number): Frame | null {
    if (this.start < 0 || !this.isPassedOn || shape !== shapeOf(this.qos, this.retain)) return null;
    return new Frame(this.chunk, this.packetIdOffset, this.qos === 0).within(this.start, this.end);
  }
}
