import type { Frame } from '../frame.js';
import { Outgoing } from '../outgoing.js';

/** Frames on their way to one link, in order. */
export function outgoingList(frames: readonly Frame[], packetIds: readonly number[] = []): Outgoing {
  const all = frames.map((frame, i) => new Outgoing(frame, packetIds[i] ?? 0));
  all.forEach((outgoing, i) => (outgoing.next = all[i + 1] ?? null));
  return all[0] as Outgoing;
}
