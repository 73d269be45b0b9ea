import type { SharedFrames } from '../frame.js';
import type { Message } from '../message.js';
import type { SharedGroup } from './shared-group.js';
import type { TreeEntry } from './tree-entries.js';

/** What a topic leads to besides subscriptions: one member of a group gets the message, or somebody watches it pass. */
export type Group = TreeEntry & Pick<SharedGroup, 'isDurable' | 'everyMember' | 'excluded' | 'deliver'>;

/**
 * Somebody who watches messages pass without being a subscriber: delivered to nobody, so neither the publisher nor a
 * counter can tell. It stands where groups do, which costs a message nothing while nobody watches.
 */
export class Tap implements Group {
  slot = -1;
  readonly isDurable = false;

  constructor(
    readonly topicFilter: string,
    /** Called within the publish: it does little, never throws, and copies what it keeps of the message. */
    private readonly see: (message: Message) => void,
  ) {}

  everyMember(): boolean {
    return true;
  }

  excluded(): [] {
    return [];
  }

  deliver({ message }: SharedFrames): boolean {
    this.see(message);
    return false;
  }
}
