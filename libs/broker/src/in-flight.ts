import type { Delivery } from './deliveries.js';
import type { Qos } from './message.js';

/** How far a delivery is: its PUBLISH was sent, or (QoS 2) its PUBREC has come. */
type Progress = 'sent' | 'received';

/** Rarely the message: what ends with its connection is never sent again, and a window of them is large. */
interface Entry {
  readonly qos: Qos;
  /** Only of a shared subscription, because another member may have to get it. */
  readonly shared: Delivery | null;
  progress: Progress;
}

const MAX_PACKET_ID = 65_535;

/** QoS 1 and 2 deliveries that the client has not acknowledged, by packet id [MQTT 4.4]. */
export class InFlight {
  private readonly entries = new Map<number, Entry>();
  private lastPacketId = 0;

  constructor(private readonly window: number) {}

  get size(): number {
    return this.entries.size;
  }

  get isFull(): boolean {
    return this.entries.size >= this.window;
  }

  /** Takes a free packet id for the delivery. Call only while not full. */
  take(delivery: Delivery): number {
    do this.lastPacketId = this.lastPacketId === MAX_PACKET_ID ? 1 : this.lastPacketId + 1;
    while (this.entries.has(this.lastPacketId));
    const shared = delivery.subscription.share === null ? null : delivery;
    shared?.message.detach?.();
    this.entries.set(this.lastPacketId, { qos: delivery.qos, shared, progress: 'sent' });
    return this.lastPacketId;
  }

  /** What came of shared subscriptions and is not acknowledged at all, in the order in which it was sent. */
  unacknowledgedShares(): Delivery[] {
    const waiting = [...this.entries.values()].filter(({ progress }) => progress === 'sent');
    return waiting.flatMap(({ shared }) => shared ?? []);
  }

  /** PUBACK: the QoS 1 delivery is done. False when there is none of that id. */
  acknowledge(packetId: number): boolean {
    return this.entries.get(packetId)?.qos === 1 && this.entries.delete(packetId);
  }

  /** PUBREC: the client has the QoS 2 message. False when there is none of that id. */
  receive(packetId: number): boolean {
    const entry = this.entries.get(packetId);
    if (entry?.qos !== 2) return false;
    entry.progress = 'received';
    return true;
  }

  /** PUBCOMP: the QoS 2 delivery is done. False when there is none of that id at that point. */
  complete(packetId: number): boolean {
    return this.entries.get(packetId)?.progress === 'received' && this.entries.delete(packetId);
  }

  /** PUBREC with a refusal: the client will not have the message [MQTT5 4.13.2]. */
  refuse(packetId: number): boolean {
    return this.entries.get(packetId)?.qos === 2 && this.entries.delete(packetId);
  }
}
