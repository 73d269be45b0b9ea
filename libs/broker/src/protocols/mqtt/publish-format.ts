import type { Frame, SharedFrames, Variant, WireFormat } from '../../frame.js';
import type { Message } from '../../message.js';
import { publishProperties } from './property-writer.js';
import { leadOf, writePublish, type PayloadPlace } from './publish-writer.js';
import { ReceivedPublish } from './received-publish.js';

const LONGEST_EXPIRY_SECONDS = 0xffff_ffff;

class PublishFormat implements WireFormat {
  readonly maximumQos = 2;

  constructor(
    readonly index: number,
    private readonly isMqtt5: boolean,
  ) {}

  encode(frames: SharedFrames, shape: number, variant: Variant | null): Frame | null {
    const { message } = frames;
    const isAsReceived = message instanceof ReceivedPublish && (!this.isMqtt5 || hasAllOfItsExpiry(frames, variant));
    const frame = isAsReceived ? this.ofReceived(message, shape) : this.written(frames, shape, variant);
    if (frame) frame.topic = message.topic;
    return frame;
  }

  /** Between clients of one version most of it goes on as it came. */
  private ofReceived(message: ReceivedPublish, shape: number): Frame | null {
    const passedOn = message.isMqtt5 === this.isMqtt5 ? message.asItCame(shape) : null;
    if (passedOn) return passedOn;
    const lead = message.head.leadFor(this.isMqtt5);
    return lead && writePublish(lead, message, shape);
  }

  private written(frames: SharedFrames, shape: number, variant: Variant | null): Frame | null {
    const { message } = frames;
    const properties = this.isMqtt5 ? propertiesOf(frames, variant) : null;
    if (this.isMqtt5 && properties === null) return null;
    const lead = leadOf(message.topic, properties);
    return lead && writePublish(lead, message instanceof ReceivedPublish ? message : placeOf(message), shape);
  }
}

/** PUBLISH as MQTT 3.1 and 3.1.1 write it. */
export const mqtt3Format: WireFormat = new PublishFormat(0, false);

/** PUBLISH as MQTT 5 writes it, with its properties [MQTT5 3.3.2.3]. */
export const mqtt5Format: WireFormat = new PublishFormat(1, true);

/** Its properties are those that it came with, none more. */
function hasAllOfItsExpiry({ message, now }: SharedFrames, variant: Variant | null): boolean {
  return variant === null && (message.expiresAt === null || now === message.receivedAt);
}

/** Without their length, valid until the next call; null where MQTT cannot say them. */
function propertiesOf({ message, now }: SharedFrames, variant: Variant | null): Buffer | null {
  const { expiresAt, properties } = message;
  // [MQTT5-3.3.2-6] what remains of the expiry, in whole seconds, so that it is 0 only when nothing remains
  const expirySeconds = expiresAt === null ? null : secondsUntil(expiresAt, now);
  const subscriptionIdentifiers = variant?.subscriptionIdentifiers ?? null;
  return publishProperties(properties, { expirySeconds, subscriptionIdentifiers });
}

/** Within four bytes, also where the clock was set back meanwhile. */
function secondsUntil(at: number, now: number): number {
  return Math.min(Math.max(0, Math.ceil((at - now) / 1000)), LONGEST_EXPIRY_SECONDS);
}

function placeOf({ payload }: Message): PayloadPlace {
  return { chunk: payload, start: -1, payloadStart: 0, end: payload.length };
}
