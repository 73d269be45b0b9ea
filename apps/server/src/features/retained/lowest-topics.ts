import type { Message } from '@perch/broker';

/** Of many messages in any order, the few whose topics come first: sorting them all would hold up the broker. */
export class LowestTopics {
  private readonly kept: Message[] = [];

  constructor(private readonly limit: number) {}

  /** The messages kept so far, by topic. */
  get inOrder(): readonly Message[] {
    return this.kept;
  }

  offer(message: Message): void {
    const last = this.kept.at(-1);
    if (this.kept.length === this.limit && last && message.topic >= last.topic) return;
    this.kept.splice(this.placeOf(message.topic), 0, message);
    if (this.kept.length > this.limit) this.kept.pop();
  }

  private placeOf(topic: string): number {
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.kept[middle] as Message).topic < topic) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
