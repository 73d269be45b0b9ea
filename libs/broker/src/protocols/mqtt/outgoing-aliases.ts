import { Frame } from '../../frame.js';
import type { Limits } from '../../limits.js';
import { Outgoing, type Packer } from '../../outgoing.js';
import { packFrames, REFERENCE_BYTES } from '../../pack-frames.js';
import { lengthBytes, writeLength } from './fast-packets.js';
import { bodyStart } from './packet-reader.js';

const TOPIC_ALIAS = 0x23;
/** The property with its value. */
const ALIAS_BYTES = 3;
/** What an alias may add to a packet: itself, and a byte to each of two lengths. */
const GROWTH_BYTES = ALIAS_BYTES + 2;
/** A shorter topic takes no more than the alias that would stand for it. */
const SHORTEST_TOPIC = GROWTH_BYTES;

/** How many topics may have an alias, and how large a packet may be. */
export interface AliasBounds {
  readonly maximum: number;
  readonly packetBytes: number;
}

/**
 * Sends one client its topics as numbers, each spelled out once [MQTT5 3.3.2.3.4]. A frame is rewritten as it is packed:
 * only then is it sure to be sent, and an alias that was never told means nothing. When every number is taken a topic
 * that is in use keeps its own, and one that has not been sent for a while loses it.
 */
export class OutgoingAliases {
  private readonly aliases = new Map<string, number>();
  /** The topic of each alias, and whether it was sent since the hand last passed it. */
  private readonly topics: string[] = [''];
  private readonly isInUse: boolean[] = [false];
  private hand = 0;

  constructor(private readonly bounds: AliasBounds) {}

  /** Joins the frames as `packFrames` does, deliveries with their aliases. */
  readonly pack: Packer = (first) => {
    const head = this.shortened(first);
    for (let from = first.next, last = head; from !== null; from = from.next, last = last.next)
      last.next = this.shortened(from);
    return packFrames(head);
  };

  private shortened({ frame, packetId }: Outgoing): Outgoing {
    return new Outgoing(this.shorten(frame), packetId);
  }

  private shorten(frame: Frame): Frame {
    const { topic } = frame;
    // A large frame is not copied for the sake of its topic.
    if (topic === null || topic.length < SHORTEST_TOPIC || frame.length >= REFERENCE_BYTES) return frame;
    const known = this.aliases.get(topic);
    if (known !== undefined) {
      this.isInUse[known] = true;
      return withAlias(frame, known, false);
    }
    if (frame.length + GROWTH_BYTES > this.bounds.packetBytes) return frame; // [MQTT5-3.1.2-24]
    const alias = this.assign(topic);
    return alias === 0 ? frame : withAlias(frame, alias, true);
  }

  /** A number for the topic, or 0 where all are in use. */
  private assign(topic: string): number {
    const alias = this.topics.length <= this.bounds.maximum ? this.topics.length : this.release();
    if (alias === 0) return 0;
    this.topics[alias] = topic;
    this.isInUse[alias] = false;
    this.aliases.set(topic, alias);
    return alias;
  }

  /** Goes one step on; frees the number there, unless it was used since the last time. */
  private release(): number {
    this.hand = (this.hand % this.bounds.maximum) + 1;
    if (this.isInUse[this.hand]) {
      this.isInUse[this.hand] = false;
      return 0;
    }
    this.aliases.delete(this.topics[this.hand] as string);
    return this.hand;
  }
}

/** What a client said of aliases and of its packets. */
interface Asked {
  readonly topicAliasMaximum: number;
  readonly maximumPacketBytes: number;
}

/** Joins frames with as many aliases as the client takes and the broker keeps [MQTT5-3.1.2-26] [MQTT5-3.1.2-27]. */
export function packerWithAliases({ topicAliasMaximum, maximumPacketBytes }: Asked, limits: Limits): Packer {
  const maximum = Math.min(topicAliasMaximum, limits.outgoingTopicAliases);
  return maximum === 0 ? packFrames : new OutgoingAliases({ maximum, packetBytes: maximumPacketBytes }).pack;
}

/** The same PUBLISH with its alias, and with its topic or without. */
function withAlias({ bytes, packetIdOffset, isDroppable }: Frame, alias: number, hasTopic: boolean): Frame {
  const topicStart = bodyStart(bytes);
  const topicEnd = topicStart + 2 + bytes.readUInt16BE(topicStart);
  const lengthStart = topicEnd + (packetIdOffset > 0 ? 2 : 0);
  const { value: propertyBytes, end: propertiesStart } = readLength(bytes, lengthStart);
  const topicBytes = hasTopic ? topicEnd - topicStart : 2;
  const head = topicBytes + (lengthStart - topicEnd) + lengthBytes(propertyBytes + ALIAS_BYTES) + ALIAS_BYTES;
  const body = head + bytes.length - propertiesStart;
  const written = Buffer.allocUnsafe(1 + lengthBytes(body) + body);
  written[0] = bytes[0] as number;
  const start = writeLength(written, body, 1);
  let at = start + topicBytes;
  if (hasTopic) bytes.copy(written, start, topicStart, topicEnd);
  else written.writeUInt16BE(0, start);
  const newPacketIdOffset = packetIdOffset > 0 ? at : 0;
  at += bytes.copy(written, at, topicEnd, lengthStart);
  at = writeLength(written, propertyBytes + ALIAS_BYTES, at);
  written[at] = TOPIC_ALIAS;
  at = written.writeUInt16BE(alias, at + 1);
  bytes.copy(written, at, propertiesStart);
  return new Frame(written, newPacketIdOffset, isDroppable);
}

/** A variable byte integer that we wrote ourselves. */
function readLength(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let at = start;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at };
  }
}
