import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type IClientOptions, type MqttClient, type Packet } from 'mqtt';
import { describePacket } from './describe-packet.js';
import { makePayload, payloadKey, readPayload } from './payload.js';
import type { Player, Stage } from './player.js';
import type { Published } from './published.js';
import { checkProperties, makeProperties } from './publish-properties.js';
import type { Random } from './random.js';
import type { Subscription } from './strict-session.js';

/** Who somebody with mqtt.js is. */
export interface MqttJsPart {
  readonly clientId: string;
  readonly version: 4 | 5;
  readonly subscriptions: readonly Subscription[];
  readonly topics: readonly string[];
  /** Milliseconds from one loss of its connection to the next, at most; 0 for never. */
  readonly cutEveryMs: number;
  /** And how long it stays away then. */
  readonly offlineMs: number;
}

const PACKET_ID_NOT_FOUND = 0x92;
const WINDOW = 20;

/** A device as most people have it: mqtt.js, with its stores, reconnecting by itself. */
export class MqttJsPlayer implements Player {
  readonly done: Promise<void>;
  private readonly client: MqttClient;
  private readonly asked = new Set<string>();
  private readonly granted = new Set<string>();
  private wasHere = false;
  private open = 0;

  constructor(
    private readonly part: MqttJsPart,
    private readonly stage: Stage,
    private readonly random: Random,
  ) {
    this.client = mqtt.connect(`mqtt://127.0.0.1:${stage.port}`, this.options(false));
    this.listen();
    this.done = Promise.all([this.talk(), this.stumble()]).then(() => this.leave());
  }

  get name(): string {
    return this.part.clientId;
  }

  get isReady(): boolean {
    return this.client.connected && this.granted.size === this.part.subscriptions.length;
  }

  get isIdle(): boolean {
    return this.isReady && this.open === 0;
  }

  private options(clean: boolean): IClientOptions {
    const { clientId, version } = this.part;
    const expiry = version === 5 && !clean ? { properties: { sessionExpiryInterval: 86_400 } } : {};
    return {
      ...this.stage.credentials,
      clientId,
      clean,
      protocolVersion: version,
      reconnectPeriod: Math.max(100, this.part.offlineMs),
      connectTimeout: 20_000,
      resubscribe: false,
      ...expiry,
    };
  }

  private listen(): void {
    const { client, stage, part } = this;
    client.on('error', () => undefined); // it connects again
    client.on('connect', ({ sessionPresent }) => {
      if (this.wasHere && !sessionPresent) this.accuse('the broker has lost the session [MQTT-3.2.2-2]');
      this.wasHere = true;
      this.subscribe();
    });
    client.on('packetsend', (packet) => {
      this.note('>', packet);
      if (packet.cmd === 'publish') stage.ledger.transmitting(stage.ledger.find(payloadKey(packet.payload as Buffer))!);
    });
    client.on('packetreceive', (packet) => this.note('<', packet));
    client.on('message', (topic, payload, { qos, dup, properties }) => {
      const key = readPayload(payload);
      if (key === null) return this.accuse(`a PUBLISH to ${topic} whose content nobody sent`);
      const identifiers = part.version === 5 ? [properties?.subscriptionIdentifier ?? []].flat() : null;
      stage.ledger.arrived(part.clientId, { key, topic, qos, dup, identifiers });
      const message = stage.ledger.find(key);
      if (part.version !== 5 || !message?.hasProperties) return;
      const fault = checkProperties(message, properties);
      if (fault !== null) this.accuse(`${key} ${fault}`);
    });
  }

  private subscribe(): void {
    for (const { filter, qos, identifier } of this.part.subscriptions) {
      if (this.granted.has(filter) || this.asked.has(filter)) continue;
      this.asked.add(filter);
      this.stage.ledger.subscribing(this.part.clientId, { filter, qos, identifier });
      const properties = identifier === null ? {} : { properties: { subscriptionIdentifier: identifier } };
      this.client.subscribe(filter, { qos, ...properties }, (error) => {
        this.asked.delete(filter);
        if (error) return; // at the next connection
        this.granted.add(filter);
        this.stage.ledger.subscribed(this.part.clientId, filter);
      });
    }
  }

  private async talk(): Promise<void> {
    const { stage, random, part } = this;
    while (stage.act === 'settle-in' || stage.act === 'play') {
      await delay(random.between(20, 80));
      const mayPublish = stage.act === 'play' && part.topics.length > 0 && this.client.connected && this.open < WINDOW;
      if (mayPublish) for (let count = random.between(0, 4); count > 0; count--) this.publish();
    }
    while (stage.act === 'drain') await delay(50);
  }

  private publish(): void {
    const { random, stage, part } = this;
    const qos = random.pick([1, 1, 2, 2, 2] as const);
    const hasProperties = part.version === 5;
    const topic = random.pick(part.topics);
    const message = stage.ledger.publishing({ publisher: part.clientId, topic, qos, hasProperties, lifetime: null });
    const payload = makePayload(message.key, random.pick([40, 400, 4000]));
    const properties = hasProperties ? { properties: makeProperties(message) } : {};
    this.open++;
    this.client.publish(topic, payload, { qos, ...properties }, (error) => this.answered(message, error));
  }

  private answered(message: Published, error: Error | null | undefined): void {
    this.open--;
    const isTaken = !error || (error as { code?: number }).code === PACKET_ID_NOT_FOUND; // it was complete before
    if (isTaken) this.stage.ledger.acknowledged(message);
    else this.stage.ledger.givenUp(message, message.startedAt === null ? 'abandoned' : 'refused');
  }

  /** Loses its connection, again and again. */
  private async stumble(): Promise<void> {
    const { stage, part, random } = this;
    if (part.cutEveryMs === 0) return;
    for (;;) {
      await delay(random.between(50, part.cutEveryMs));
      if (stage.act === 'drain' || stage.act === 'leave') return;
      if (stage.act !== 'play' || !this.client.connected) continue;
      stage.ledger.totals.cuts++;
      this.client.stream.destroy();
    }
  }

  private async leave(): Promise<void> {
    await this.client.endAsync(true);
    const last = mqtt.connect(`mqtt://127.0.0.1:${this.stage.port}`, this.options(true));
    last.on('error', () => undefined);
    await new Promise<void>((here) => last.once('connect', () => here()));
    await last.endAsync();
  }

  private note(direction: '<' | '>', packet: Packet): void {
    const key = packet.cmd === 'publish' ? payloadKey(packet.payload as Buffer) : null;
    this.stage.journal.note(`${this.part.clientId}#`, `${direction} ${describePacket(packet, key)}`);
    if (packet.cmd === 'connack') this.stage.ledger.totals.connections++;
  }

  private accuse(text: string): void {
    this.stage.ledger.accuse('protocol', this.part.clientId, { key: null }, text);
  }
}
