import type { SharedFrames } from '../frame.js';
import { excludes, type Subscription } from '../subscription.js';
import type { TreeEntry } from './tree-entries.js';

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

  /** Some member is a durable session. */
  get isDurable(): boolean {
    return this.members.some(({ session }) => session.durable);
  }

  /** True when it holds for every member. */
  everyMember(holds: (member: Subscription) => boolean): boolean {
    return this.members.every(holds);
  }

  /** The members that an exclusion keeps the topic from. */
  excluded(topic: string): Subscription[] {
    return this.members.filter((member) => excludes(member, topic));
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
   * window is full holds up nobody; and to one that is online before one that is not. True when somebody has it.
   */
  deliver(frames: SharedFrames): boolean {
    const { members } = this;
    let busy = -1;
    let away = -1;
    for (let i = 0; i < members.length; i++) {
      const at = (this.turn + i) % members.length;
      const member = members[at] as Subscription;
      if (excludes(member, frames.message.topic)) continue;
      const { session } = member;
      if (session.hasRoom) {
        if (this.serve(at, frames)) return true;
      } else if (session.isOnline) {
        if (busy < 0) busy = at;
      } else if (away < 0) away = at;
    }
    return this.serve(busy, frames) || this.serve(away, frames);
  }

  private serve(at: number, frames: SharedFrames): boolean {
    const member = this.members[at];
    if (!member?.session.deliver(frames, member, false)) return false;
    this.turn = (at + 1) % this.members.length;
    return true;
  }
}
