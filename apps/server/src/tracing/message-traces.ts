import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type Message, TokenBucket } from '@perch/broker';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import type { Traces } from './traces.js';
import { InjectTraces } from './traces.module.js';

const MOST_PER_SECOND = 100;

/** Spans for a share of the messages, where that is asked for; otherwise nobody looks at any. */
@Injectable()
export class MessageTraces implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly bucket = new TokenBucket({ perSecond: MOST_PER_SECOND, burst: MOST_PER_SECOND }, performance.now());
  private stop: (() => void) | null = null;

  constructor(
    private readonly broker: Broker,
    @InjectConfig() private readonly config: Config,
    @InjectTraces() private readonly traces: Traces | null,
  ) {}

  onApplicationBootstrap(): void {
    const { traces } = this;
    const { tracesMessageRatio: ratio } = this.config;
    if (!traces || ratio === 0) return;
    this.stop = this.broker.watch('#', (message) => {
      if (Math.random() < ratio && this.bucket.tryTake(1, performance.now())) trace(traces, message);
    });
  }

  onModuleDestroy(): void {
    this.stop?.();
  }
}

/** From its arrival to its publish; a part of the publisher's own trace where the message carries that. */
function trace(traces: Traces, { topic, publisher, payload, qos, properties, receivedAt }: Message): void {
  const own = properties?.userProperties?.find(([name]) => name === 'traceparent')?.[1];
  traces
    .begin('publish', {
      kind: 'producer',
      startedAt: receivedAt,
      traceparent: own,
      facts: {
        'messaging.system': 'perch',
        'messaging.operation.name': 'publish',
        'messaging.destination.name': topic,
        'messaging.client.id': publisher,
        'messaging.message.body.size': payload.length,
        'perch.qos': qos,
      },
    })
    .end();
}
