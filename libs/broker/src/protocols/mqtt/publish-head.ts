import { isValidTopic, type Verdict } from '@perch/policy';
import type { MessageProperties } from '../../message.js';
import type { KnownTopic } from '../../receipt.js';
import type { Match } from '../../topics/match-cache.js';
import type { PublishReader } from './fast-packets.js';
import { isPlainAscii } from './field-reader.js';
import { KnownBytes } from './known-bytes.js';
import { messageProperties } from './packet-properties.js';
import type { Properties } from './packets.js';
import { publishProperties } from './property-writer.js';
import { leadOf } from './publish-writer.js';

/** A head that is longer is read anew each time. */
const LONGEST_BYTES = 512;

/**
 * What a PUBLISH says of its message besides the payload: topic and properties, checked. Most clients say the same
 * again and again: it is read once, and known by its bytes from then on.
 */
export class PublishHead implements KnownTopic {
  match: Match | null = null;
  judgedBy: object | null = null;
  verdict: Verdict | null = null;
  readonly properties: MessageProperties | null;
  /** Seconds that the message lasts [MQTT5 3.3.2.3.3]. */
  readonly expiryInterval: number | undefined;
  /** The payload is said to be text [MQTT5 3.3.2.3.2]. */
  readonly isText: boolean;
  /** Of no meaning to this connection alone: a client of the same version is sent it as it came. */
  readonly isPassedOn: boolean;
  /** Nothing but a topic. */
  private readonly isPlain: boolean;
  /** Topic and properties as they came, one behind the other; null where that is not worth remembering. */
  private bytes: Buffer | null = null;
  private topicLength = 0;
  /** The properties among them; null for none. */
  private propertyBytes: KnownBytes | null = null;
  private lead3: Buffer | null = null;
  private lead5: Buffer | null = null;

  constructor(
    readonly topic: string,
    properties: Properties | null,
  ) {
    this.properties = messageProperties(properties);
    this.expiryInterval = properties?.messageExpiryInterval;
    this.isText = properties?.payloadFormatIndicator === true;
    this.isPlain = properties === null;
    this.isPassedOn = properties?.topicAlias === undefined;
  }

  /** The head of a PUBLISH that has only a topic, and that a plain one; null where it has to be looked at more closely. */
  static plain(reader: PublishReader): PublishHead | null {
    const { chunk, topicStart, topicEnd, propertiesStart, payloadStart } = reader;
    if (payloadStart > propertiesStart || !isPlainAscii(chunk, topicStart, topicEnd)) return null;
    const topic = chunk.toString('latin1', topicStart, topicEnd);
    return isValidTopic(topic) ? new PublishHead(topic, null) : null;
  }

  /** Remembers what it looks like. */
  knownBy({ chunk, topicStart, topicEnd, propertiesStart, payloadStart }: PublishReader): this {
    this.topicLength = topicEnd - topicStart;
    const length = this.topicLength + payloadStart - propertiesStart;
    if (length > LONGEST_BYTES) return this;
    this.bytes = Buffer.allocUnsafe(length);
    chunk.copy(this.bytes, 0, topicStart, topicEnd);
    chunk.copy(this.bytes, this.topicLength, propertiesStart, payloadStart);
    if (length > this.topicLength) this.propertyBytes = new KnownBytes(this.bytes.subarray(this.topicLength));
    return this;
  }

  /** The PUBLISH has the same head, byte for byte. Topics that a client goes through differ at their end. */
  isOf(reader: PublishReader): boolean {
    const { bytes, topicLength } = this;
    if (bytes === null) return this.isPlain && this.isSaidAgain(reader);
    const { chunk, topicStart, topicEnd, propertiesStart, payloadStart } = reader;
    if (topicEnd - topicStart !== topicLength) return false;
    if (bytes.length !== topicLength + payloadStart - propertiesStart) return false;
    for (let i = topicLength - 1; i >= 0; i--) if (bytes[i] !== chunk[topicStart + i]) return false;
    return this.propertyBytes === null || this.propertyBytes.isAt(chunk, propertiesStart);
  }

  /** Bytes are not kept of what is said but once. */
  private isSaidAgain(reader: PublishReader): boolean {
    const { topic } = this;
    const { chunk, topicStart, topicEnd, propertiesStart, payloadStart } = reader;
    if (payloadStart > propertiesStart || topicEnd - topicStart !== topic.length) return false;
    for (let i = topic.length - 1; i >= 0; i--) if (topic.charCodeAt(i) !== chunk[topicStart + i]) return false;
    this.knownBy(reader);
    return true;
  }

  /** The lead of a delivery of which all expiry remains; null where MQTT cannot say it. */
  leadFor(isMqtt5: boolean): Buffer | null {
    return isMqtt5 ? (this.lead5 ??= this.newLead5()) : (this.lead3 ??= leadOf(this.topic, null));
  }

  private newLead5(): Buffer | null {
    const expirySeconds = this.expiryInterval ?? null;
    const properties = publishProperties(this.properties, { expirySeconds, subscriptionIdentifiers: null });
    return properties && leadOf(this.topic, properties);
  }
}
