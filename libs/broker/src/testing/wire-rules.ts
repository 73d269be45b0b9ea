import { isUtf8 } from 'node:buffer';
import { FlightRules } from './flight-rules.js';

/** What a client said in its CONNECT that binds the server. */
export interface Terms {
  readonly receiveMaximum?: number | undefined;
  readonly maximumPacketSize?: number | undefined;
  readonly topicAliasMaximum?: number | undefined;
  readonly requestProblemInformation?: boolean | undefined;
  readonly authenticationMethod?: string | undefined;
}

/** The CONNACK of MQTT 3: whoever gets it does not speak MQTT 5. */
const OLD_CONNACK = /^2002/;

const REASON_STRING = 0x1f;
const USER_PROPERTY = 0x26;
const SUBSCRIPTION_IDENTIFIER = 0x0b;
const TOPIC_ALIAS = 0x23;
const codes = (text: string) => new Set(text.split(' ').map((code) => Number.parseInt(code, 16)));
const ofMessage = codes('00 10 80 83 87 90 91 97 99');
const ofPacketId = codes('00 92');
const explaining = codes('1f 26');

/** What a server may say in each packet: its flags, its reason codes, its properties [MQTT5 2.2.2.2, 2.4, 3]. */
const rules: Record<number, { flags?: number; reasons: ReadonlySet<number>; properties: ReadonlySet<number> }> = {
  2: {
    flags: 0,
    reasons: codes('00 80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f'),
    properties: codes('11 21 24 25 27 12 22 1f 26 28 29 2a 13 1a 1c 15 16'),
  },
  3: { reasons: new Set(), properties: codes('01 02 23 08 09 26 0b 03') },
  4: { flags: 0, reasons: ofMessage, properties: explaining },
  5: { flags: 0, reasons: ofMessage, properties: explaining },
  6: { flags: 2, reasons: ofPacketId, properties: explaining },
  7: { flags: 0, reasons: ofPacketId, properties: explaining },
  9: { flags: 0, reasons: codes('00 01 02 80 83 87 8f 91 97 9e a1 a2'), properties: explaining },
  11: { flags: 0, reasons: codes('00 11 80 83 87 8f 91'), properties: explaining },
  13: { flags: 0, reasons: new Set(), properties: new Set() },
  14: {
    flags: 0,
    reasons: codes('00 80 81 82 83 87 89 8b 8d 8e 8f 90 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f a0 a1 a2'),
    properties: codes('1f 26 1c'),
  },
  15: { flags: 0, reasons: codes('00 18 19'), properties: codes('15 16 1f 26') },
};

/** How long the value of a property is: so many bytes, or of a kind that says so itself. */
const lengths: Record<number, number | 'string' | 'binary' | 'pair' | 'variable'> = {
  0x01: 1, 0x02: 4, 0x03: 'string', 0x08: 'string', 0x09: 'binary', 0x0b: 'variable', 0x11: 4, 0x12: 'string',
  0x13: 2, 0x15: 'string', 0x16: 'binary', 0x1a: 'string', 0x1c: 'string', 0x1f: 'string', 0x21: 2, 0x22: 2, 0x23: 2,
  0x24: 1, 0x25: 1, 0x26: 'pair', 0x27: 4, 0x28: 1, 0x29: 1, 0x2a: 1,
}; // prettier-ignore

/**
 * Holds everything that a server of MQTT 5 sends over one connection to the rules, packet by packet: reads the bytes by
 * itself, and knows nothing of how the broker wrote them.
 */
export class WireRules {
  private readonly aliases = new Map<number, string>();
  private hasConnack = false;
  private isOver = false;
  private isOld = false;
  private pending: Buffer = Buffer.alloc(0);

  private terms: Terms | null = null;
  private flights: FlightRules | null = null;

  /** A CONNECT of MQTT 5 has been sent that says this. */
  connected(terms: Terms): void {
    this.terms = terms;
    this.flights = new FlightRules(terms.receiveMaximum ?? 65_535);
  }

  /** The client has sent these bytes. */
  sent(bytes: Buffer): void {
    this.flights?.sent(bytes);
  }

  /** What is wrong with what came, or null. */
  fault(bytes: Buffer): string | null {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (let packet = this.next(); packet; packet = this.next()) {
      try {
        this.check(packet);
      } catch (error) {
        return `${(error as Error).message}: ${packet.toString('hex').slice(0, 200)}`;
      }
    }
    return null;
  }

  private next(): Buffer | null {
    if (this.pending.length < 2) return null;
    const fields = new Fields(this.pending, 1);
    const length = fields.variable();
    if (this.pending.length < fields.at + length) return null;
    const packet = this.pending.subarray(0, fields.at + length);
    this.pending = this.pending.subarray(packet.length);
    return packet;
  }

  private check(packet: Buffer): void {
    if (!this.hasConnack && OLD_CONNACK.test(packet.toString('hex'))) this.isOld = true;
    if (this.isOld) return;
    const type = packet[0]! >> 4;
    const rule = rules[type];
    if (!rule) throw new Error(`a server sends no packet of type ${type}`);
    if (this.isOver) throw new Error('something follows the last packet [MQTT5-3.14.4-1]');
    if (!this.hasConnack && type !== 2 && type !== 15) throw new Error('before CONNACK [MQTT5-3.2.0-1]');
    if (type === 2 && this.hasConnack) throw new Error('a second CONNACK [MQTT5-3.2.0-2]');
    if (type === 15 && this.terms?.authenticationMethod === undefined && this.terms)
      throw new Error('AUTH [MQTT5-4.12.0-6]');
    if (packet.length > (this.terms?.maximumPacketSize ?? Infinity)) throw new Error('too large [MQTT5-3.1.2-24]');
    if (rule.flags !== undefined && (packet[0]! & 0x0f) !== rule.flags) throw new Error('flags [MQTT5-2.1.3-1]');
    const fields = new Fields(packet, 1);
    fields.variable();
    if (type === 3) this.publish(fields, packet[0]!);
    else this.answer(fields, type);
    if (type === 2) this.hasConnack = true;
  }

  private publish(fields: Fields, header: number): void {
    const qos = (header >> 1) & 3;
    if (qos === 3 || (qos === 0 && (header & 8) !== 0)) throw new Error('QoS and DUP [MQTT5-3.3.1-2] [MQTT5-3.3.1-4]');
    const topic = fields.text();
    if (/[#+]/.test(topic)) throw new Error('a wildcard in a topic [MQTT5-3.3.2-2]');
    const packetId = qos > 0 ? fields.uint16() : 1;
    if (packetId === 0) throw new Error('packet id 0 [MQTT5-2.2.1-4]');
    const fault = this.flights?.came(packetId, qos);
    if (fault) throw new Error(fault);
    const alias = this.properties(fields, 3).get(TOPIC_ALIAS)?.readUInt16BE();
    if (alias === undefined) {
      if (topic === '') throw new Error('neither topic nor alias');
      return;
    }
    const maximum = this.terms ? (this.terms.topicAliasMaximum ?? 0) : 65_535;
    if (alias === 0 || alias > maximum) throw new Error('alias out of bounds [MQTT5-3.3.2-11] [MQTT5-3.1.2-27]');
    if (topic !== '') this.aliases.set(alias, topic);
    else if (!this.aliases.has(alias)) throw new Error('an alias that was never set');
  }

  private answer(fields: Fields, type: number): void {
    const { reasons } = rules[type]!;
    if (type === 2 && fields.byte() > 1) throw new Error('acknowledge flags [MQTT5-3.2.2-1]');
    if ([4, 5, 6, 7, 9, 11].includes(type) && fields.uint16() === 0) throw new Error('packet id 0');
    const hasCodesLast = type === 9 || type === 11;
    const reason = !hasCodesLast && fields.left > 0 ? fields.byte() : null;
    if (reason !== null && !reasons.has(reason)) throw new Error(`reason ${reason.toString(16)} [MQTT5 2.4]`);
    if (type === 2 || hasCodesLast || fields.left > 0) this.properties(fields, type);
    if (hasCodesLast && fields.left === 0) throw new Error('no reason code [MQTT5-3.8.4-6]');
    while (fields.left > 0) if (!hasCodesLast || !reasons.has(fields.byte())) throw new Error('what is this?');
    if (type === 14 || (type === 2 && (reason ?? 0) >= 0x80)) this.isOver = true;
  }

  private properties(fields: Fields, type: number): Map<number, Buffer> {
    const found = new Map<number, Buffer>();
    const end = fields.variable() + fields.at;
    while (fields.at < end) {
      const id = fields.byte();
      const mayRepeat = id === USER_PROPERTY || (id === SUBSCRIPTION_IDENTIFIER && type === 3);
      if (!rules[type]!.properties.has(id)) throw new Error(`property ${id.toString(16)} [MQTT5 2.2.2.2]`);
      if (found.has(id) && !mayRepeat) throw new Error(`property ${id.toString(16)} twice [MQTT5 2.2.2.2]`);
      found.set(id, fields.value(lengths[id]!));
    }
    if (fields.at !== end) throw new Error('properties that overrun their length');
    const isExplained = found.has(REASON_STRING) || (found.has(USER_PROPERTY) && type !== 3);
    if (isExplained && this.terms?.requestProblemInformation === false && type !== 2 && type !== 14) {
      throw new Error('problem information that nobody wants [MQTT5-3.1.2-29]');
    }
    return found;
  }
}

/** The fields of a packet, one after another; throws where one is not as it should be. */
class Fields {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new Error('a field that runs out of the packet');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  uint16(): number {
    return this.take(2).readUInt16BE();
  }

  text(): string {
    const bytes = this.take(this.uint16());
    if (!isUtf8(bytes) || bytes.includes(0)) throw new Error('a string [MQTT5-1.5.4-1] [MQTT5-1.5.4-2]');
    return bytes.toString();
  }

  variable(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 128 ** i;
      if (byte >= 0x80) continue;
      if (byte === 0 && i > 0) throw new Error('a length in more bytes than it needs [MQTT5-1.5.5-1]');
      return value;
    }
    throw new Error('a length that does not end');
  }

  value(kind: number | 'string' | 'binary' | 'pair' | 'variable'): Buffer {
    const start = this.at;
    if (typeof kind === 'number') this.take(kind);
    else if (kind === 'variable') this.variable();
    else if (kind === 'binary') this.take(this.uint16());
    else this.text();
    if (kind === 'pair') this.text();
    return this.bytes.subarray(start, this.at);
  }
}
