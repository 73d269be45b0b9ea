import mqttPacket, {
  type IConnectPacket,
  type IPublishPacket,
  type ISubscription,
  type Packet,
  type QoS,
} from 'mqtt-packet';
import { MemoryLink } from '../links/memory-link.js';
import type { ListenerTerms } from '../listener-terms.js';
import { acceptMqtt } from '../protocols/mqtt/accept-mqtt.js';
import type { TestBroker } from './new-broker.js';
import { WireRules } from './wire-rules.js';

/** How a scripted client connects; what is left out is as a plain client does it. */
export interface MqttClientOptions extends Partial<Omit<IConnectPacket, 'cmd'>> {
  readonly address?: string;
  /** The name in its certificate. */
  readonly certificateName?: string;
  readonly terms?: ListenerTerms;
}

let clients = 0;

/** A scripted MQTT client on a memory link: sends packets or raw bytes, and keeps what comes back. */
export class MqttClient {
  readonly packets: Packet[] = [];
  isClosed = false;
  readonly version: 3 | 4 | 5;
  private readonly link: MemoryLink;
  private readonly parser;
  private readonly chunks: Buffer[] = [];
  private readonly rules = new WireRules();
  private packetId = 0;

  constructor(
    private readonly test: TestBroker,
    readonly options: MqttClientOptions = {},
  ) {
    this.version = options.protocolVersion ?? 4;
    this.parser = mqttPacket.parser({ protocolVersion: this.version });
    this.parser.on('packet', (packet) => this.packets.push(packet));
    this.link = new MemoryLink(
      {
        received: (bytes) => {
          this.chunks.push(Buffer.from(bytes));
          if (this.version === 5) this.judge(bytes);
          this.parser.parse(bytes);
        },
        ended: () => (this.isClosed = true),
      },
      options.address ?? '127.0.0.1',
      options.certificateName ?? null,
    );
    acceptMqtt(test.broker, this.link, options.terms);
  }

  /** Sends CONNECT. */
  connect(): this {
    clients++;
    this.rules.connected(this.options.properties ?? {});
    return this.send({
      cmd: 'connect',
      protocolId: this.version === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion: this.version,
      clean: true,
      keepalive: 0,
      clientId: `client-${clients}`,
      ...this.options,
    });
  }

  send(packet: Packet): this {
    return this.sendBytes(mqttPacket.generate(packet, { protocolVersion: this.version }));
  }

  sendBytes(bytes: Buffer): this {
    this.hand(bytes);
    this.test.clock.turn();
    return this;
  }

  /** Hands bytes over in the middle of a turn. */
  hand(bytes: Buffer): void {
    this.rules.sent(bytes);
    this.link.deliver(bytes);
  }

  subscribe(filter: string, options: Partial<ISubscription> = {}): this {
    const subscription = { topic: filter, qos: 0 as QoS, nl: false, rap: false, rh: 0, ...options };
    return this.send({ cmd: 'subscribe', messageId: ++this.packetId, subscriptions: [subscription] });
  }

  unsubscribe(filter: string): this {
    return this.send({ cmd: 'unsubscribe', messageId: ++this.packetId, unsubscriptions: [filter] });
  }

  publish(topic: string, payload: string, options: Partial<IPublishPacket> = {}): this {
    const qos = options.qos ?? 0;
    const messageId = qos > 0 ? { messageId: ++this.packetId } : {};
    return this.send({ cmd: 'publish', topic, payload, qos, dup: false, retain: false, ...messageId, ...options });
  }

  /** Reads no more than what is sent next. */
  stall(): this {
    this.link.stall();
    return this;
  }

  readOn(): this {
    this.link.readOn();
    this.test.clock.turn();
    return this;
  }

  /** Sends no more, and waits for what still comes. */
  finish(): this {
    this.link.finish();
    this.test.clock.turn();
    return this;
  }

  /** The connection is reset. */
  reset(): void {
    this.isClosed = true;
    this.link.disconnect(new Error('reset'));
    this.test.clock.turn();
  }

  /** The link is closed without a DISCONNECT. */
  drop(): void {
    this.isClosed = true;
    this.link.disconnect();
    this.test.clock.turn();
  }

  /** Everything that came, as it was on the wire. */
  get wire(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** `topic=payload` of every PUBLISH received, in order. */
  get messages(): string[] {
    return this.received('publish').map(({ topic, payload }) => `${topic}=${payload.toString()}`);
  }

  /** The packets of one kind that came, in order. */
  received<C extends Packet['cmd']>(cmd: C): Extract<Packet, { cmd: C }>[] {
    return this.packets.filter((packet): packet is Extract<Packet, { cmd: C }> => packet.cmd === cmd);
  }

  /** The last packet of one kind. */
  last<C extends Packet['cmd']>(cmd: C): Extract<Packet, { cmd: C }> | undefined {
    return this.received(cmd).at(-1);
  }

  /** Whatever a test is about: what the broker sends to MQTT 5 is held to its rules. A fault fails the run. */
  private judge(bytes: Buffer): void {
    const fault = this.rules.fault(bytes);
    if (fault === null) return;
    const { stack } = new Error(`the broker breaks MQTT 5: ${fault}`);
    setImmediate(() => {
      throw new Error(stack);
    });
  }
}

/** A client that has connected. */
export function mqttClient(test: TestBroker, options: MqttClientOptions = {}): MqttClient {
  return new MqttClient(test, options).connect();
}
