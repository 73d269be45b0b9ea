import mqttPacket, { type Packet, type Parser } from 'mqtt-packet';
import type { Refusal } from '../../refusal.js';

/** Protocol levels on the wire [MQTT 3.1.2.2]. */
export type MqttVersion = 3 | 4 | 5;

/** A packet that could be read, or why not. */
export type ParseResult = { readonly packet: Packet; readonly refusal?: undefined } | { readonly refusal: Refusal };

/**
 * Reads one whole packet with mqtt-packet. One reader per version serves all links, because whole packets leave
 * nothing behind in it; a reader that met a bad packet is thrown away.
 */
class PacketReader {
  private parser: Parser | null = null;
  private packet: Packet | null = null;
  private error: Error | null = null;

  constructor(private readonly options: { protocolVersion: MqttVersion } | undefined) {}

  read(bytes: Buffer): ParseResult {
    this.packet = null;
    this.error = null;
    const left = this.parse(bytes);
    if (this.packet && !this.error && left === 0) return { packet: this.packet };
    this.parser = null;
    return { refusal: refusalOf(this.error) };
  }

  private parse(bytes: Buffer): number {
    try {
      return (this.parser ??= this.newParser()).parse(bytes);
    } catch (error) {
      this.error = error as Error;
      return -1;
    }
  }

  private newParser(): Parser {
    const parser = mqttPacket.parser(this.options);
    parser.on('packet', (packet) => (this.packet = packet));
    parser.on('error', (error: Error) => (this.error = error));
    return parser;
  }
}

const readers: Record<MqttVersion, PacketReader> = {
  3: new PacketReader({ protocolVersion: 3 }),
  4: new PacketReader({ protocolVersion: 4 }),
  5: new PacketReader({ protocolVersion: 5 }),
};

/** Reads a packet of an open connection. */
export function parsePacket(bytes: Buffer, version: MqttVersion): ParseResult {
  return readers[version].read(bytes);
}

/** Reads the first packet of a connection. A reader learns its version from a CONNECT, so each gets its own. */
export function parseFirstPacket(bytes: Buffer): ParseResult {
  return new PacketReader(undefined).read(bytes);
}

/** Writes a packet. */
export function writePacket(packet: Packet, version: MqttVersion): Buffer {
  return mqttPacket.generate(packet, { protocolVersion: version });
}

function refusalOf(error: Error | null): Refusal {
  const text = error?.message ?? '';
  if (text === 'Invalid protocol version' || text === 'Invalid protocolId') return 'unsupported-protocol-version';
  return 'malformed-packet';
}
