import type { SharedFrames } from './frame.js';
import type { Message, Qos } from './message.js';
import type { Subscription } from './subscription.js';

/** A message on its way to one client, to be acknowledged. */
export interface Delivery {
  readonly message: Message;
  readonly qos: Qos;
  readonly retain: boolean;
  /** What brought it. */
  readonly subscription: Subscription;
}

/** What one session is owed: in flight or waiting. In memory, or kept by a store [MQTT 4.1]. */
export interface Deliveries {
  /** Sent and not yet acknowledged. */
  readonly inFlightCount: number;
  /** Waiting for a place in the in-flight window, for the link, or for the client to come back. */
  readonly queuedCount: number;
  /** Bytes of all of them, payload and properties. */
  readonly bytes: number;
  /** Nothing waits: the next one would leave at once. */
  readonly hasRoom: boolean;
  /** True when there is a place for the message within the bounds. */
  canTake(message: Message): boolean;
  /** Sends it, or lets it wait. False when it was dropped. */
  accept(frames: SharedFrames, delivery: Delivery): boolean;
  /** Sends what waits, as far as there is room. */
  pump(): void;
  /** PUBACK. False when the packet id is not in flight. */
  acknowledged(packetId: number): boolean;
  /** PUBREC: the peer is told to go on with PUBREL when it may. False when the packet id is not in flight. */
  received(packetId: number): boolean;
  /** PUBREC with a refusal. False when the packet id is not in flight. */
  refused(packetId: number): boolean;
  /** PUBCOMP. False when the packet id is not in flight. */
  completed(packetId: number): boolean;
  /** The grants have become narrower: what the client may no longer see goes. */
  forgetUnreachable(): void;
  /** A connection serves the session from now on, or none does any more. */
  attached(): void;
  detached(): void;
}
