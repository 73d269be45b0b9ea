import { nowUs } from './clock.js';
import type { FlowJob } from './job.js';
import type { Messages } from './messages.js';
import type { Peer } from './peer.js';

const MOST_PER_TURN = 2000;
const MOST_DUE_PER_TURN = 5000;
/** When nothing comes for so long, what is missing has been lost, and the loop goes on without it. */
const GIVE_UP_MS = 300;

/** Decides when the next message leaves. */
export interface Pump {
  /** Sends what may be sent now; true when there is more to do at once. */
  pump(): boolean;
}

interface OpenLoopParts {
  readonly ratePerS: number;
  readonly publishers: readonly Peer[];
  readonly messages: Messages;
}

interface ClosedLoopParts extends Omit<OpenLoopParts, 'ratePerS'> {
  readonly job: FlowJob;
  /** Deliveries that are under way no more. */
  readonly progress: { readonly done: number };
}

/** Sends as fast as deliveries come back: never more under way than the job allows. */
export class ClosedLoop implements Pump {
  private cursor = 0;
  private givenUp = 0;
  private lastDone = 0;
  private progressAtMs = 0;

  private readonly job: FlowJob;
  private readonly publishers: readonly Peer[];
  private readonly messages: Messages;
  private readonly progress: ClosedLoopParts['progress'];

  constructor({ job, publishers, messages, progress }: ClosedLoopParts) {
    this.job = job;
    this.publishers = publishers;
    this.messages = messages;
    this.progress = progress;
  }

  pump(): boolean {
    const { publishers } = this;
    let idle = 0;
    let sent = 0;
    const dueUs = nowUs();
    while (idle < publishers.length && sent < MOST_PER_TURN) {
      const publisher = publishers[this.cursor]!;
      this.cursor = this.cursor + 1 === publishers.length ? 0 : this.cursor + 1;
      const filled = this.fill(publisher, dueUs);
      idle = filled === 0 ? idle + 1 : 0;
      sent += filled;
    }
    if (this.room() <= 0) this.giveUpLost();
    return idle < publishers.length;
  }

  private fill(publisher: Peer, dueUs: number): number {
    if (!publisher.isReady || publisher.isBlocked) return 0;
    const { job } = this;
    const window =
      job.qos === 0 ? job.batch : Math.min(job.window, publisher.receiveMaximum) - publisher.unacknowledged;
    const count = Math.min(job.batch, window, Math.ceil(this.room() / this.messages.copies));
    if (count <= 0) return 0;
    for (let index = 0; index < count; index++) this.messages.publish(publisher, dueUs);
    publisher.flush();
    return count;
  }

  private room(): number {
    const underWay = this.messages.sent * this.messages.copies - this.progress.done - this.givenUp;
    return this.job.inFlight - underWay;
  }

  private giveUpLost(): void {
    const now = performance.now();
    if (this.lastDone !== this.progress.done || this.progressAtMs === 0) {
      this.lastDone = this.progress.done;
      this.progressAtMs = now;
    } else if (now - this.progressAtMs > GIVE_UP_MS) {
      this.givenUp += this.job.inFlight - this.room();
      this.progressAtMs = 0;
    }
  }
}

/** Sends at a fixed rate; each message bears the time at which it was due, however late it leaves. */
export class OpenLoop implements Pump {
  private readonly startedMs = performance.now();
  private count = 0;
  private readonly ratePerS: number;
  private readonly publishers: readonly Peer[];
  private readonly messages: Messages;

  constructor({ ratePerS, publishers, messages }: OpenLoopParts) {
    this.ratePerS = ratePerS;
    this.publishers = publishers;
    this.messages = messages;
  }

  pump(): boolean {
    const due = Math.floor(((performance.now() - this.startedMs) / 1000) * this.ratePerS);
    const end = Math.min(due, this.count + MOST_DUE_PER_TURN);
    while (this.count < end) {
      const publisher = this.publishers[this.count % this.publishers.length]!;
      const dueUs = ((this.startedMs + (++this.count / this.ratePerS) * 1000) * 1000) >>> 0;
      // A full window delays; what was due stays due, and the delay is in its latency.
      if (!publisher.isReady || publisher.unacknowledged >= publisher.receiveMaximum) {
        this.count--;
        return false;
      }
      this.messages.publish(publisher, dueUs);
      publisher.flush();
    }
    return end < due;
  }
}
