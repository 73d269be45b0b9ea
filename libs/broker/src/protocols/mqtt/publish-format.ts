import { DUP_SHAPE, Frame, RETAIN_SHAPE, type SharedFrames, type Variant, type WireFormat } from '../../frame.js';
import type { Message, Qos } from '../../message.js';
import { isWritable, writePublish } from './fast-packets.js';
import type { MqttVersion } from './packet-codec.js';
import { bodyStart } from './packet-reader.js';
import { publishProperties } from './property-writer.js';

const QOS_MASK = 3;
const NO_PROPERTIES = Buffer.alloc(0);
const LONGEST_EXPIRY_SECONDS = 0xffff_ffff;

class PublishFormat implements WireFormat {
  readonly maximumQos = 2;

  constructor(
    readonly index: number,
    private readonly version: MqttVersion,
  ) {}

  encode({ message, now }: SharedFrames, shape: number, variant: Variant | null): Frame | null {
    const isMqtt5 = this.version === 5;
    const properties = isMqtt5 ? propertiesOf(message, now, variant) : NO_PROPERTIES;
    if (!properties || !isWritable(message, properties)) return null;
    const qos = (shape & QOS_MASK) as Qos;
    const flags = { qos, retain: (shape & RETAIN_SHAPE) !== 0, isDup: (shape & DUP_SHAPE) !== 0 };
    const bytes = writePublish(message, flags, isMqtt5 ? properties : null);
    const frame = new Frame(bytes, qos > 0 ? packetIdOffset(bytes) : 0, qos === 0);
    if (isMqtt5) frame.topic = message.topic;
    return frame;
  }
}

/** PUBLISH as MQTT 3.1 and 3.1.1 write it. */
export const mqtt3Format: WireFormat = new PublishFormat(0, 4);

/** PUBLISH as MQTT 5 writes it, with its properties [MQTT5 3.3.2.3]. */
export const mqtt5Format: WireFormat = new PublishFormat(1, 5);

function propertiesOf(message: Message, now: number, variant: Variant | null): Buffer | null {
  const { expiresAt, properties } = message;
  if (!variant && properties === null && expiresAt === null) return NO_PROPERTIES;
  // [MQTT5-3.3.2-6] what remains of the expiry, in whole seconds, so that it is 0 only when nothing remains
  const expirySeconds = expiresAt === null ? null : secondsUntil(expiresAt, now);
  return publishProperties(message, {
    expirySeconds,
    subscriptionIdentifiers: variant?.subscriptionIdentifiers ?? null,
  });
}

/** Within four bytes, also where the clock was set back meanwhile. */
function secondsUntil(at: number, now: number): number {
  return Math.min(Math.max(0, Math.ceil((at - now) / 1000)), LONGEST_EXPIRY_SECONDS);
}

/** The packet id follows the topic, which follows the fixed header [MQTT 3.3.2]. */
function packetIdOffset(bytes: Buffer): number {
  const start = bodyStart(bytes);
  return start + 2 + bytes.readUInt16BE(start);
}
