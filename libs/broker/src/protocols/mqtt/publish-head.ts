import { isValidTopic } from '@perch/policy';
import type { MessageProperties } from '../../message.js';
import { propertyField, topicField, type PublishReader } from './fast-packets.js';
import { isPlainAscii } from './field-reader.js';
import { messageProperties } from './packet-properties.js';
import type { Properties } from './packets.js';
import { publishProperties } from './property-writer.js';

/** A head that is longer is read anew each time. */
const LONGEST_BYTES = 512;
const NO_EXTRAS = { expirySeconds: null, subscriptionIdentifiers: null };

/**
 * What a PUBLISH says of its message besides the payload: topic and properties, checked. Most clients say the same
 * again and again: it is read once, and known by its bytes from then on.
 */
export class PublishHead {
  readonly properties: MessageProperties | null;
  /** Seconds that the message lasts [MQTT5 3.3.2.3.3]. */
  readonly expiryInterval: number | undefined;
  /** The payload is said to be text [MQTT5 3.3.2.3.2]. */
  readonly isText: boolean;
  /** Nothing but a topic: an MQTT client is sent it as it came. */
  readonly isPlain: boolean;
  /** Topic and properties as they came, one behind the other; null where that is not worth remembering. */
  private bytes: Buffer | null = null;
  private topicLength = 0;
  private writtenTopic: Buffer | null = null;
  private writtenProperties: Buffer | null = null;

  constructor(
    readonly topic: string,
    properties: Properties | null,
  ) {
    this.properties = messageProperties(properties);
    this.expiryInterval = properties?.messageExpiryInterval;
    this.isText = properties?.payloadFormatIndicator === true;
    this.isPlain = properties === null;
  }

  /** The head of a PUBLISH that has only a topic, and that a plain one; null where it has to be looked at more closely. */
  static plain(reader: PublishReader): PublishHead | null {
    const { chunk, topicStart, topicEnd, propertiesStart, payloadStart } = reader;
    if (payloadStart > propertiesStart || !isPlainAscii(chunk, topicStart, topicEnd)) return null;
    const topic = chunk.toString('latin1', topicStart, topicEnd);
    return isValidTopic(topic) ? new PublishHead(topic, null).knownBy(reader) : null;
  }

  /** Remembers what it looks like. */
  knownBy({ chunk, topicStart, topicEnd, propertiesStart, payloadStart }: PublishReader): this {
    this.topicLength = topicEnd - topicStart;
    const length = this.topicLength + payloadStart - propertiesStart;
    if (length > LONGEST_BYTES) return this;
    this.bytes = Buffer.allocUnsafe(length);
    chunk.copy(this.bytes, 0, topicStart, topicEnd);
    chunk.copy(this.bytes, this.topicLength, propertiesStart, payloadStart);
    return this;
  }

  /** The PUBLISH has the same head, byte for byte. */
  isOf({ chunk, topicStart, topicEnd, propertiesStart, payloadStart }: PublishReader): boolean {
    const { bytes, topicLength } = this;
    if (bytes === null || topicEnd - topicStart !== topicLength) return false;
    if (bytes.length !== topicLength + payloadStart - propertiesStart) return false;
    for (let i = 0; i < topicLength; i++) if (bytes[i] !== chunk[topicStart + i]) return false;
    const shift = propertiesStart - topicLength;
    for (let i = topicLength; i < bytes.length; i++) if (bytes[i] !== chunk[shift + i]) return false;
    return true;
  }

  /** The topic as it is written. */
  get topicBytes(): Buffer {
    return (this.writtenTopic ??= topicField(this.topic));
  }

  /** The properties as they are written where nothing is added to them; null where MQTT cannot say them. */
  get propertyBytes(): Buffer | null {
    if (this.writtenProperties) return this.writtenProperties;
    const properties = publishProperties(this.properties, NO_EXTRAS);
    return properties && (this.writtenProperties = propertyField(properties));
  }
}
