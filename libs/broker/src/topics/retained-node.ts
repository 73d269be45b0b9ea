import type { Message } from '../message.js';
import { LevelNode } from './level-node.js';

/** Nodes looked at in about a millisecond. */
export const LOOKS_PER_PAUSE = 4096;

/** Where a topic ends, or goes on. */
export class RetainedNode extends LevelNode<RetainedNode> {
  message: Message | null = null;
  /** When the value was set: a position in the order of all changes. */
  sequence = 0;
  /** How many topics below it have a value. */
  below = 0;
}
