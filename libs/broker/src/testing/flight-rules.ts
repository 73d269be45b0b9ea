interface Flight {
  readonly qos: number;
  isReceived: boolean;
}

/** The QoS 1 and 2 deliveries of one connection: none too many, and no packet id twice [MQTT5 4.9]. */
export class FlightRules {
  private readonly flights = new Map<number, Flight>();
  private pending: Buffer = Buffer.alloc(0);

  constructor(private readonly receiveMaximum: number) {}

  /** A PUBLISH has come; what is wrong with that, or null. */
  came(packetId: number, qos: number): string | null {
    if (qos === 0) return null;
    if (this.flights.has(packetId)) return `packet id ${packetId} is in use [MQTT5-2.2.1-4]`;
    this.flights.set(packetId, { qos, isReceived: false });
    return this.flights.size > this.receiveMaximum ? 'more in flight than is taken [MQTT5-3.3.4-9]' : null;
  }

  /** The client has sent these bytes; the acknowledgements in them end deliveries. */
  sent(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (let packet = this.next(); packet; packet = this.next()) if (packet.length >= 4) this.acknowledged(packet);
  }

  private acknowledged(packet: Buffer): void {
    const packetId = packet.readUInt16BE(2);
    const flight = this.flights.get(packetId);
    if (!flight) return;
    const isRefused = (packet[4] ?? 0) >= 0x80;
    const type = packet[0]! >> 4;
    if (type === 5 && flight.qos === 2) flight.isReceived = true;
    const isOver = type === 4 ? flight.qos === 1 : type === 5 ? isRefused : type === 7 && flight.isReceived;
    if (isOver && (type !== 5 || flight.qos === 2)) this.flights.delete(packetId);
  }

  /** Acknowledgements are short; of longer packets the length is all that is read. */
  private next(): Buffer | null {
    let length = 0;
    for (let at = 1, factor = 1; at <= 4; at++, factor *= 128) {
      const byte = this.pending[at];
      if (byte === undefined) return null;
      length += (byte & 0x7f) * factor;
      if (byte >= 0x80) continue;
      if (this.pending.length < at + 1 + length) return null;
      const packet = this.pending.subarray(0, at + 1 + length);
      this.pending = this.pending.subarray(packet.length);
      return at === 1 ? packet : Buffer.alloc(0);
    }
    return null;
  }
}
