import type { Counters } from '../counters.js';
import { LoadAverage } from './load-average.js';

/** What the statistics are made of, read when they are due. */
export interface StatisticsSource {
  readonly version: string;
  readonly startedAt: number;
  readonly counters: Counters;
  clientsOnline(): number;
  clientsOffline(): number;
  clientsMaximum(): number;
  subscriptions(): number;
  retained(): number;
  retainedBytes(): number;
}

export const STATISTICS_INTERVAL_MS = 10_000;

const LOADS = {
  sockets: (c: Counters) => c.linksOpened,
  connections: (c: Counters) => c.connects,
  'messages/received': (c: Counters) => c.packetsReceived,
  'messages/sent': (c: Counters) => c.packetsSent,
  'bytes/received': (c: Counters) => c.bytesReceived,
  'bytes/sent': (c: Counters) => c.bytesSent,
  'publish/received': (c: Counters) => c.messagesReceived,
  'publish/sent': (c: Counters) => c.messagesSent,
  'publish/dropped': (c: Counters) => c.dropped,
} as const;

/** The broker's figures under `$SYS/broker/`, by the names that Mosquitto's users know. */
export class Statistics {
  private readonly values = new Map<string, string>();
  private readonly loads = Object.keys(LOADS).map(() => new LoadAverage());

  constructor(private readonly source: StatisticsSource) {}

  /** The last value of each topic, as it was published. */
  current(): ReadonlyMap<string, string> {
    return this.values;
  }

  /** Reads the figures anew and calls `changed` for each that is not what it was. */
  refresh(now: number, changed: (topic: string, value: string) => void): void {
    const put = (name: string, value: string | number): void => {
      const topic = `$SYS/broker/${name}`;
      const text = String(value);
      if (this.values.get(topic) === text) return;
      this.values.set(topic, text);
      changed(topic, text);
    };
    this.putState(now, put);
    this.putTraffic(put);
    this.putLoads(put);
  }

  private putState(now: number, put: (name: string, value: string | number) => void): void {
    const { source } = this;
    put('version', `perch version ${source.version}`);
    put('uptime', `${Math.floor((now - source.startedAt) / 1000)} seconds`);
    put('clients/connected', source.clientsOnline());
    put('clients/disconnected', source.clientsOffline());
    put('clients/total', source.clientsOnline() + source.clientsOffline());
    put('clients/maximum', source.clientsMaximum());
    put('subscriptions/count', source.subscriptions());
    put('retained messages/count', source.retained());
    put('store/messages/count', source.retained());
    put('store/messages/bytes', source.retainedBytes());
  }

  private putTraffic(put: (name: string, value: string | number) => void): void {
    const { counters } = this.source;
    put('messages/received', counters.packetsReceived);
    put('messages/sent', counters.packetsSent);
    put('bytes/received', counters.bytesReceived);
    put('bytes/sent', counters.bytesSent);
    put('publish/messages/received', counters.messagesReceived);
    put('publish/messages/sent', counters.messagesSent);
    put('publish/messages/dropped', counters.dropped);
    put('publish/bytes/received', counters.payloadBytesReceived);
    put('publish/bytes/sent', counters.payloadBytesSent);
  }

  private putLoads(put: (name: string, value: string | number) => void): void {
    Object.entries(LOADS).forEach(([name, read], i) => {
      const load = this.loads[i] as LoadAverage;
      load.sample(read(this.source.counters), STATISTICS_INTERVAL_MS);
      load.read((window, value) => put(`load/${name}/${window}`, value));
    });
  }
}
