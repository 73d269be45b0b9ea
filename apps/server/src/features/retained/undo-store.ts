import { type Message, sizeOf } from '@perch/broker';

/** How much a deletion may be to be kept for being undone. */
export const UNDO_MESSAGES = 50_000;
export const UNDO_BYTES = 64 * 1024 * 1024;

/** What jobs deleted, whole, for as long as it can be put back; bounded for all of them together. */
export class UndoStore {
  private readonly kept = new Map<string, { messages: Message[]; bytes: number }>();
  private count = 0;
  private bytes = 0;

  constructor(private readonly limits = { messages: UNDO_MESSAGES, bytes: UNDO_BYTES }) {}

  /** Begins to keep what a job deletes. */
  open(job: string): void {
    this.kept.set(job, { messages: [], bytes: 0 });
  }

  /** False where there is no room for it: then nothing of this job is kept any longer. */
  keep(job: string, message: Message): boolean {
    const own = this.kept.get(job);
    if (!own) return false;
    const bytes = weigh(message);
    this.makeRoom(job, bytes);
    if (!this.hasRoom(bytes)) {
      this.forget(job);
      return false;
    }
    own.messages.push(message);
    own.bytes += bytes;
    this.count += 1;
    this.bytes += bytes;
    return true;
  }

  has(job: string): boolean {
    return this.kept.has(job);
  }

  /** Everything that is kept of a job, which is kept here no longer; null where nothing is. */
  take(job: string): readonly Message[] | null {
    const messages = this.kept.get(job)?.messages ?? null;
    this.forget(job);
    return messages;
  }

  forget(job: string): void {
    const own = this.kept.get(job);
    if (!own) return;
    this.kept.delete(job);
    this.count -= own.messages.length;
    this.bytes -= own.bytes;
  }

  private hasRoom(bytes: number): boolean {
    return this.count < this.limits.messages && this.bytes + bytes <= this.limits.bytes;
  }

  /** What was deleted before gives way. */
  private makeRoom(job: string, bytes: number): void {
    for (const other of this.kept.keys()) {
      if (this.hasRoom(bytes)) return;
      if (other !== job) this.forget(other);
    }
  }
}

function weigh(message: Message): number {
  return sizeOf(message) + message.topic.length;
}
