import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type StopTimer } from '@perch/broker';
import { FlapCounter } from '../../policy/bans/flap-counter.js';
import { windowStart } from './client-traffic.js';
import { SessionScan } from './session-scan.js';
import type { Traffic } from './traffic.schemas.js';

const SCAN_EVERY_MS = 10_000;
const FLAPPING_SHOWN = 20;

/** Knows which clients are worth a look: those that talk most, are behind, or come and go. */
@Injectable()
export class TrafficWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly scan: SessionScan;
  private stop: StopTimer | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly flaps: FlapCounter,
  ) {
    this.scan = new SessionScan(broker);
  }

  onApplicationBootstrap(): void {
    const look = () => {
      this.scan.scan().catch((error: unknown) => this.broker.report(error, 'looking at the sessions'));
    };
    this.stop = this.broker.clock.every(SCAN_EVERY_MS, look);
    look();
  }

  onModuleDestroy(): void {
    this.stop?.();
  }

  current(): Traffic {
    const { last } = this.scan;
    const uptime = this.broker.clock.uptime();
    return {
      at: last ? new Date(last.at).toISOString() : null,
      windowSeconds: Math.round((uptime - Math.max(0, windowStart(uptime))) / 1000),
      talkers: (last?.talkers ?? []).map(({ in: messagesIn, out: messagesOut, ...talker }) => {
        return { ...talker, messagesIn, messagesOut };
      }),
      slow: [...(last?.slow ?? [])],
      flapping: this.flaps.most(FLAPPING_SHOWN),
    };
  }
}
