import { DUP_SHAPE, Frame, RETAIN_SHAPE, type SharedFrames, type Variant, type WireFormat } from '../../frame.js';
import type { Message, Qos } from '../../message.js';
import { isWritable, propertyField, topicField, writePublish } from './fast-packets.js';
import { bodyStart } from './packet-reader.js';
import { publishProperties } from './property-writer.js';
import { ReceivedPublish } from './received-publish.js';

const QOS_MASK = 3;
/** The length of none. */
const NO_PROPERTIES = Buffer.alloc(1);
const LONGEST_EXPIRY_SECONDS = 0xffff_ffff;

class PublishFormat implements WireFormat {
  readonly maximumQos = 2;

  constructor(
    readonly index: number,
    private readonly isMqtt5: boolean,
  ) {}

  encode(frames: SharedFrames, shape: number, variant: Variant | null): Frame | null {
    const { message } = frames;
    const frame = (variant ? null : this.passedOn(message, shape)) ?? this.written(frames, shape, variant);
    if (frame && this.isMqtt5) frame.topic = message.topic;
    return frame;
  }

  /** Between clients of one version nothing is written anew that has no properties. */
  private passedOn(message: Message, shape: number): Frame | null {
    return message instanceof ReceivedPublish && message.isMqtt5 === this.isMqtt5 ? message.asItCame(shape) : null;
  }

  private written({ message, now }: SharedFrames, shape: number, variant: Variant | null): Frame | null {
    const propertyBytes = this.isMqtt5 ? propertiesOf(message, now, variant) : null;
    if ((this.isMqtt5 && !propertyBytes) || !isWritable(message, propertyBytes)) return null;
    const qos = (shape & QOS_MASK) as Qos;
    const flags = { qos, retain: (shape & RETAIN_SHAPE) !== 0, isDup: (shape & DUP_SHAPE) !== 0 };
    const isReceived = message instanceof ReceivedPublish;
    const topicBytes = isReceived ? message.head.topicBytes : topicField(message.topic);
    const { chunk, payloadStart, end } = isReceived ? message : allOf(message.payload);
    const bytes = writePublish({ topicBytes, propertyBytes, chunk, payloadStart, end }, flags);
    return new Frame(bytes, qos > 0 ? bodyStart(bytes) + topicBytes.length : 0, qos === 0);
  }
}

/** PUBLISH as MQTT 3.1 and 3.1.1 write it. */
export const mqtt3Format: WireFormat = new PublishFormat(0, false);

/** PUBLISH as MQTT 5 writes it, with its properties [MQTT5 3.3.2.3]. */
export const mqtt5Format: WireFormat = new PublishFormat(1, true);

/** The properties with their length; null where MQTT cannot say them. The packet id stands before them. */
function propertiesOf(message: Message, now: number, variant: Variant | null): Buffer | null {
  const { expiresAt, properties } = message;
  if (!variant && expiresAt === null) {
    if (properties === null) return NO_PROPERTIES;
    if (message instanceof ReceivedPublish) return message.head.propertyBytes;
  }
  // [MQTT5-3.3.2-6] what remains of the expiry, in whole seconds, so that it is 0 only when nothing remains
  const expirySeconds = expiresAt === null ? null : secondsUntil(expiresAt, now);
  const subscriptionIdentifiers = variant?.subscriptionIdentifiers ?? null;
  const written = publishProperties(properties, { expirySeconds, subscriptionIdentifiers });
  return written && propertyField(written);
}

/** Within four bytes, also where the clock was set back meanwhile. */
function secondsUntil(at: number, now: number): number {
  return Math.min(Math.max(0, Math.ceil((at - now) / 1000)), LONGEST_EXPIRY_SECONDS);
}

function allOf(payload: Buffer): { readonly chunk: Buffer; readonly payloadStart: number; readonly end: number } {
  return { chunk: payload, payloadStart: 0, end: payload.length };
}
