import type { Message, Qos } from './message.js';

/** Encoded bytes, shared by every link that is sent them. Never changed. */
export class Frame {
  /** The topic, of a delivery that may name it by an alias instead [MQTT5 3.3.2.3.4]. Set by the format that wrote it. */
  topic: string | null = null;

  constructor(
    readonly bytes: Buffer,
    /** Where the two bytes of the packet id stand, or 0 where there is none. */
    readonly packetIdOffset: number,
    /** A slow reader may lose it: a QoS 0 delivery. */
    readonly isDroppable: boolean,
  ) {}
}

/** A frame that is not a delivery: an acknowledgement, an answer. */
export function controlFrame(bytes: Buffer): Frame {
  return new Frame(bytes, 0, false);
}

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
  private readonly plain: (Frame | null | undefined)[] = [];
  private variants: Map<string, Frame | null> | null = null;

  /** `now` gives the expiry that remains; `report` is told where a format fails. */
  constructor(
    readonly message: Message,
    readonly now: number,
    private readonly report: Report = rethrow,
  ) {}

  /** The encoded frame, made now or before; null where the wire cannot say it. */
  get(format: WireFormat, shape: number, variant: Variant | null): Frame | null {
    const at = format.index * SHAPES + shape;
    if (variant) return this.varied(format, shape, variant);
    return (this.plain[at] ??= this.encode(format, shape, null));
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
