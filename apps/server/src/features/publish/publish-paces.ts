import { Broker, PublishPace } from '@perch/broker';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { RecentMap } from '../../policy/recent-map.js';

const REMEMBERED = 10_000;

/** Bounds how fast each sender publishes over REST, as the pace of a connection is bounded. */
@Injectable()
export class PublishPaces {
  private paces = new RecentMap<string, PublishPace>(REMEMBERED);
  /** The bounds that they were made for. */
  private bounds = '';

  constructor(private readonly broker: Broker) {}

  /** Counts these messages; 429 while more was published than may be. */
  spend(sender: string, payloads: readonly Buffer[]): void {
    const now = this.broker.clock.uptime();
    this.keepUp();
    const pace = this.paces.get(sender) ?? PublishPace.of(this.broker.limits, now);
    if (!pace) return;
    this.paces.set(sender, pace);
    const debtMs = pace.debtMs(now);
    if (debtMs > 0) throw tooFast(debtMs);
    for (const payload of payloads) pace.spend(payload.length, now);
  }

  /** Other bounds hold from the next message on. */
  private keepUp(): void {
    const { publishesPerSecond, publishBytesPerSecond } = this.broker.limits;
    const bounds = `${publishesPerSecond} ${publishBytesPerSecond}`;
    if (bounds !== this.bounds) this.paces = new RecentMap(REMEMBERED);
    this.bounds = bounds;
  }
}

function tooFast(debtMs: number): ApiError {
  return new ApiError('too-many-attempts', 'You publish faster than one client may.', {
    headers: { 'Retry-After': String(Math.ceil(debtMs / 1000)) },
  });
}
