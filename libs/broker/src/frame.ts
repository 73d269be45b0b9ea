import type { Copies } from './copies.js';
import type { Message, Qos } from './message.js';

/** A chunk may be so many times as large as the piece of it that keeps it in memory. */
const WASTE = 4;

/** So small a piece must not keep all of its chunk in memory. */
export function isWasteful(pieceBytes: number, chunk: Buffer): boolean {
  return chunk.length > pieceBytes * WASTE;
}

/** Encoded bytes, shared by every link that is sent them. Never changed, but they may be a piece of a larger chunk. */
export class Frame {
  /**
   * The topic of a delivery, which MQTT 5 may name by an alias instead [MQTT5 3.3.2.3.4]. Set by the format that wrote it.
   */
  topic: string | null = null;
  start: number;
  end: number;

  constructor(
    /** Where the bytes stand, from `start` to `end`. */
    public chunk: Buffer,
    /** Where the two bytes of the packet id stand, counted from `start`, or 0 where there is none. */
    readonly packetIdOffset: number,
    /** A slow reader may lose it: a QoS 0 delivery. */
    readonly isDroppable: boolean,
  ) {
    this.start = 0;
    this.end = chunk.length;
  }

  /** The bytes are these of the chunk. */
  within(start: number, end: number): this {
    this.start = start;
    this.end = end;
    return this;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** The bytes alone, to be read and sent, not to be written to. */
  get bytes(): Buffer {
    const { chunk, start, end } = this;
    return start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
  }

  /** Lets go of a chunk that is much larger: the frame has to wait, and would keep all of it in memory. */
  detach(): void {
    if (!isWasteful(this.length, this.chunk)) return;
    this.chunk = Buffer.from(this.bytes);
    this.end -= this.start;
    this.start = 0;
  }
}

/** A frame that is not a delivery: an acknowledgement, an answer. */
export function controlFrame(bytes: Buffer): Frame {
  return new Frame(bytes, 0, false);
}

/** Where a shape has its QoS. */
export const QOS_IN_SHAPE = 3;
/** How one delivery differs from another of the same message in the same format. */
export const RETAIN_SHAPE = 4;
/** It is sent again [MQTT-3.3.1-1]. */
export const DUP_SHAPE = 8;
const SHAPES = 16;

/** The shape of a delivery: its QoS in the two low bits, RETAIN in the third; DUP may be added. */
export function shapeOf(qos: Qos, retain: boolean): number {
  return retain ? qos | RETAIN_SHAPE : qos;
}

/** What a delivery says beside its message, where that differs from one subscriber to another. */
export interface Variant {
  /** The identifiers of the subscriptions that matched [MQTT5 3.3.2.3.8]. */
  readonly subscriptionIdentifiers: readonly number[];
}

/** One way of writing a message on a wire. Subscriptions of one format share each encoded frame. */
export interface WireFormat {
  /** A small number of its own, the same for the life of the process. */
  readonly index: number;
  /** Highest QoS that the wire can carry. */
  readonly maximumQos: Qos;
  /** Writes the message in the given shape and, where the wire has it, variant; null where the wire cannot say it. */
  encode(frames: SharedFrames, shape: number, variant: Variant | null): Frame | null;
}

/** The frames of one message, each encoded at its first use: a fan-out encodes once per format, shape and variant. */
export class SharedFrames {
  /** Nearly always there is but one. */
  private key = -1;
  private frame: Frame | null = null;
  private others: Map<number, Frame | null> | null = null;
  private variants: Map<string, Frame | null> | null = null;
  /** Of the message, for durable sessions; null for none. */
  copies: Copies | null = null;

  /** `now` gives the expiry that remains; `report` is told where a format fails. */
  constructor(
    readonly message: Message,
    readonly now: number,
    private readonly report: Report = rethrow,
  ) {}

  /** The encoded frame, made now or before; null where the wire cannot say it. */
  get(format: WireFormat, shape: number, variant: Variant | null): Frame | null {
    if (variant) return this.varied(format, shape, variant);
    const key = format.index * SHAPES + shape;
    if (key === this.key) return this.frame;
    if (this.key >= 0) return this.other(key, format, shape);
    this.key = key;
    this.frame = this.encode(format, shape, null);
    return this.frame;
  }

  private other(key: number, format: WireFormat, shape: number): Frame | null {
    this.others ??= new Map();
    let frame = this.others.get(key);
    if (frame === undefined) this.others.set(key, (frame = this.encode(format, shape, null)));
    return frame;
  }

  private varied(format: WireFormat, shape: number, variant: Variant): Frame | null {
    const key = `${format.index} ${shape} ${variant.subscriptionIdentifiers.join()}`;
    this.variants ??= new Map();
    let frame = this.variants.get(key);
    if (frame === undefined) this.variants.set(key, (frame = this.encode(format, shape, variant)));
    return frame;
  }

  /** A format that fails costs its subscribers this message, and neither the publisher nor the others anything. */
  private encode(format: WireFormat, shape: number, variant: Variant | null): Frame | null {
    try {
      return format.encode(this, shape, variant);
    } catch (error) {
      this.report(error, 'a message that could not be encoded');
      return null;
    }
  }
}

type Report = (error: unknown, what: string) => void;

const rethrow: Report = (error) => {
  throw error;
};
