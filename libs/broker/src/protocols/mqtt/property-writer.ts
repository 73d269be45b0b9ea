import type { MessageProperties } from '../../message.js';

const PAYLOAD_FORMAT_INDICATOR = 0x01;
const MESSAGE_EXPIRY_INTERVAL = 0x02;
const CONTENT_TYPE = 0x03;
const RESPONSE_TOPIC = 0x08;
const CORRELATION_DATA = 0x09;
const SUBSCRIPTION_IDENTIFIER = 0x0b;
const USER_PROPERTY = 0x26;
/** What the two bytes of a length can say. */
const MAX_FIELD_BYTES = 65_535;
const FIRST_CAPACITY = 1024;
/** What is kept for the next message. */
const MAX_KEPT_BYTES = 64 * 1024;

/** What a PUBLISH says besides what its message carries [MQTT5 3.3.2.3]. */
export interface Extras {
  /** Seconds that are left to it, or null for no end. */
  readonly expirySeconds: number | null;
  readonly subscriptionIdentifiers: readonly number[] | null;
}

/** Writes the properties of one PUBLISH after another into the same memory. */
class PropertyWriter {
  private bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  private at = 0;
  private isTooLong = false;

  /** The properties without their length, valid until the next call; null where MQTT cannot say them. */
  write(properties: MessageProperties | null, { expirySeconds, subscriptionIdentifiers }: Extras): Buffer | null {
    if (this.bytes.length > MAX_KEPT_BYTES) this.bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
    this.at = 0;
    this.isTooLong = false;
    if (properties?.payloadFormatIndicator !== undefined) this.flag(properties.payloadFormatIndicator);
    if (expirySeconds !== null) this.expiry(expirySeconds);
    if (properties) {
      const { contentType, responseTopic, correlationData } = properties;
      if (contentType !== undefined) this.id(CONTENT_TYPE).text(contentType);
      if (responseTopic !== undefined) this.id(RESPONSE_TOPIC).text(responseTopic);
      if (correlationData !== undefined) this.id(CORRELATION_DATA).binary(correlationData);
    }
    for (const identifier of subscriptionIdentifiers ?? []) this.id(SUBSCRIPTION_IDENTIFIER).variable(identifier);
    // [MQTT5-3.3.2-18] in the order in which they came
    for (const [name, value] of properties?.userProperties ?? []) this.id(USER_PROPERTY).text(name).text(value);
    return this.isTooLong ? null : this.bytes.subarray(0, this.at);
  }

  private flag(value: boolean): void {
    this.id(PAYLOAD_FORMAT_INDICATOR);
    this.bytes[this.at++] = value ? 1 : 0;
  }

  private expiry(seconds: number): void {
    this.id(MESSAGE_EXPIRY_INTERVAL);
    this.at = this.bytes.writeUInt32BE(seconds, this.at);
  }

  /** Begins a property; there is room for a value of few bytes, too. */
  private id(id: number): this {
    this.reserve(8);
    this.bytes[this.at++] = id;
    return this;
  }

  private text(value: string): this {
    // No character takes more than three bytes for each of its code units.
    this.reserve(2 + value.length * 3);
    return this.measured(this.bytes.write(value, this.at + 2));
  }

  private binary(value: Buffer): this {
    this.reserve(2 + value.length);
    return this.measured(value.copy(this.bytes, this.at + 2));
  }

  private variable(value: number): void {
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.bytes[this.at++] = (left & 0x7f) | 0x80;
    this.bytes[this.at++] = left;
  }

  /** Puts the length before what has been written behind its place. */
  private measured(length: number): this {
    if (length > MAX_FIELD_BYTES) this.isTooLong = true;
    else this.bytes.writeUInt16BE(length, this.at);
    this.at += 2 + length;
    return this;
  }

  private reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe((this.at + length) * 2);
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }
}

const writer = new PropertyWriter();

/** The properties of a PUBLISH without their length, valid until the next call; null where MQTT cannot say them. */
export function publishProperties(properties: MessageProperties | null, extras: Extras): Buffer | null {
  return writer.write(properties, extras);
}
