import type { Refusal } from '../../refusal.js';
import { FieldReader } from './field-reader.js';
import type { MqttVersion } from './packet-codec.js';
import { allowedProperties, readProperties } from './packet-properties.js';

const QOS_BITS = 0x06;
const WILL_FLAG = 0x04;
const PASSWORD_FLAG = 0x40;
const USERNAME_FLAG = 0x80;

/**
 * What is wrong with the fields of a whole packet, or null. The codec says what they mean, but lets strings pass that
 * are no UTF-8, properties that overrun their length or come twice, and bytes that are left over.
 */
export function fieldFault(bytes: Buffer, version: MqttVersion): Refusal | null {
  const fields = new FieldReader(bytes, 0, bytes.length);
  const header = fields.byte();
  fields.variable();
  goOver(fields, header, version === 5);
  return fields.refusal;
}

function goOver(fields: FieldReader, header: number, hasProperties: boolean): void {
  switch (header >> 4) {
    case 1:
      return connect(fields, hasProperties);
    case 3:
      return publish(fields, (header & QOS_BITS) !== 0, hasProperties);
    case 4:
    case 5:
    case 6:
    case 7:
      fields.skip(2);
      return hasProperties ? reason(fields, allowedProperties.acknowledgement) : undefined;
    case 8:
    case 10:
      return filters(fields, header >> 4 === 8, hasProperties);
    case 14:
      return hasProperties ? reason(fields, allowedProperties.disconnect) : undefined;
    case 12:
      return;
    default:
      // What only a server sends is refused whatever it says.
      fields.skip(fields.left);
  }
}

function connect(fields: FieldReader, hasProperties: boolean): void {
  fields.text();
  fields.byte();
  const flags = fields.byte();
  fields.skip(2);
  if (hasProperties) readProperties(fields, allowedProperties.connect);
  fields.text();
  if (flags & WILL_FLAG) {
    if (hasProperties) readProperties(fields, allowedProperties.will);
    fields.text();
    fields.binary();
  }
  if (flags & USERNAME_FLAG) fields.text();
  if (flags & PASSWORD_FLAG) fields.binary();
}

function publish(fields: FieldReader, hasPacketId: boolean, hasProperties: boolean): void {
  fields.text();
  if (hasPacketId) fields.skip(2);
  if (hasProperties) readProperties(fields, allowedProperties.publish);
  fields.skip(fields.left);
}

/** SUBSCRIBE has options after each filter, UNSUBSCRIBE has none. */
function filters(fields: FieldReader, haveOptions: boolean, hasProperties: boolean): void {
  fields.skip(2);
  if (hasProperties) readProperties(fields, haveOptions ? allowedProperties.subscribe : allowedProperties.unsubscribe);
  while (fields.left > 0) {
    fields.text();
    if (haveOptions) fields.byte();
  }
}

/** A reason code and properties, either of which may be left out at the end [MQTT5 3.4.2.1, 3.14.2.1]. */
function reason(fields: FieldReader, allowed: ReadonlySet<number>): void {
  if (fields.left > 0) fields.byte();
  if (fields.left > 0) readProperties(fields, allowed);
}
