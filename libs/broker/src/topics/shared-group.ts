import { filterMatches } from '@perch/policy';
import type { SharedFrames } from '../frame.js';
import type { Subscription } from '../subscription.js';
import type { TreeEntry } from './topic-tree.js';

/** The subscriptions that share the messages of one filter under one name [MQTT5 4.8.2]. */
export class SharedGroup implements TreeEntry {
  slot = -1;
  private readonly members: Subscription[] = [];
  private turn = 0;

  constructor(
    /** `share` and filter: what makes it this group. */
    readonly key: string,
    readonly topicFilter: string,
  ) {}

  get isEmpty(): boolean {
    return this.members.length === 0;
  }

  add(member: Subscription): void {
    this.members.push(member);
  }

  remove(member: Subscription): void {
    const at = this.members.indexOf(member);
    if (at < 0) return;
    this.members.splice(at, 1);
    if (this.turn > at) this.turn--;
  }

  /**
   * Sends the message to one member: in turn, but to one that takes it now if there is one, so that a member whose
   * window is full holds up nobody. True when somebody has it.
   */
  deliver(frames: SharedFrames): boolean {
    const { members } = this;
    let waiting = -1;
    for (let i = 0; i < members.length; i++) {
      const at = (this.turn + i) % members.length;
      const member = members[at] as Subscription;
      if (!maySee(member, frames.message.topic)) continue;
      if (!member.session.hasRoom) {
        if (waiting < 0) waiting = at;
      } else if (member.session.deliver(frames, member, false)) return this.served(at);
    }
    return waiting >= 0 &&
      (members[waiting] as Subscription).session.deliver(frames, members[waiting] as Subscription, false)
      ? this.served(waiting)
      : false;
  }

  private served(at: number): true {
    this.turn = (at + 1) % this.members.length;
    return true;
  }
}

function maySee({ exclusions }: Subscription, topic: string): boolean {
  return !exclusions?.some((excluded) => filterMatches(excluded, topic));
}
