import type { Broker } from '../../broker.js';
import type { Watched } from '../../keep-alive.js';
import type { Link, LinkHandler } from '../../link.js';
import type { Refusal } from '../../refusal.js';
import { audienceOf } from './audience.js';
import { readConnectPacket } from './connect-reader.js';
import { refusedConnack } from './notices.js';
import { PacketFramer } from './packet-framer.js';

const CONNECT_TYPE = 1;
/** A CONNECT comes at once from whoever means it. */
const PATIENCE_MS = 3000;
/** A larger CONNECT is closed without a word. */
const MAX_CONNECT_BYTES = 4096;

/**
 * Tells clients that there is no room for them, and which other server to try, once they have said in their CONNECT what
 * they speak. As many at a time as `limits.turnedAway`; the others are closed at once.
 */
export function turnAway(broker: Broker, link: Link, refusal: Refusal): void {
  if (broker.turnedAway >= broker.limits.turnedAway) return link.destroy();
  const client = new TurnedAway(broker, link, refusal);
  broker.keepAlive.watch(client);
  link.open(client);
}

/** A link that is open for one answer. */
class TurnedAway implements LinkHandler, Watched {
  isClosed = false;
  lookTick = 0;
  readonly dueAt: number;
  private hasBegun = false;
  private readonly framer = new PacketFramer(MAX_CONNECT_BYTES);

  constructor(
    private readonly broker: Broker,
    private readonly link: Link,
    private readonly refusal: Refusal,
  ) {
    broker.turnedAway++;
    this.dueAt = broker.clock.uptime() + PATIENCE_MS;
  }

  received(bytes: Buffer): void {
    if (this.isClosed || bytes.length === 0) return;
    // What does not begin like a CONNECT is none [MQTT-3.1.0-1].
    if (!this.hasBegun && (bytes[0] as number) >> 4 !== CONNECT_TYPE) return this.leave();
    this.hasBegun = true;
    if (this.framer.push(bytes, this)) this.leave();
  }

  take(chunk: Buffer, start: number, end: number): boolean {
    this.answer(chunk.subarray(start, end));
    return false;
  }

  drained(): void {}

  ended(): void {
    this.leave();
  }

  broken(): void {
    this.leave();
  }

  closed(): void {
    this.leave();
  }

  expired(): void {
    this.leave();
  }

  private answer(bytes: Buffer): void {
    const read = readConnectPacket(bytes);
    const audience = read.refusal === undefined ? audienceOf(read.packet) : null;
    const farewell = { refusal: this.refusal, serverReference: this.broker.serverReference };
    const connack = read.version === null ? null : refusedConnack(farewell, read.version, audience);
    if (connack && connack.length <= (audience?.maximumPacketBytes ?? connack.length)) this.link.send([connack]);
    this.leave();
  }

  private leave(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.broker.turnedAway--;
    this.link.end();
  }
}
