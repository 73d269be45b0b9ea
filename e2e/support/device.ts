import mqtt, { type IClientOptions, type IClientPublishOptions, type MqttClient, type Packet } from 'mqtt';
import type { QoS } from 'mqtt-packet';
import { waitFor, within } from './wait-for.js';

/** One message that a device received. */
export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
  readonly qos: number;
}

const open = new Set<Device>();

/** A device that uses mqtt.js, as anybody would. Does not reconnect unless asked. */
export class Device {
  readonly messages: Received[] = [];
  /** The reason code of each DISCONNECT that the broker sent [MQTT5 3.14.2.1]. */
  readonly goodbyes: number[] = [];
  isClosed = false;
  /** What the latest CONNACK said of a session that was there before. */
  sessionPresent = false;

  private constructor(
    readonly clientId: string,
    readonly mqtt: MqttClient,
  ) {
    open.add(this);
    mqtt.on('message', (topic, payload, { retain, qos }) => {
      this.messages.push({ topic, text: payload.toString(), retain, qos });
    });
    mqtt.on('disconnect', (packet) => this.goodbyes.push((packet as { reasonCode?: number }).reasonCode ?? -1));
    mqtt.on('connect', ({ sessionPresent }) => {
      this.isClosed = false;
      this.sessionPresent = sessionPresent;
    });
    mqtt.on('close', () => (this.isClosed = true));
    mqtt.on('error', () => undefined); // the promise of `connect` tells it
  }

  /** Resolves when the broker has let it in; rejects with mqtt.js's error, whose `code` is the broker's. */
  static async connect(url: string, options: IClientOptions & { clientId: string }): Promise<Device> {
    const client = mqtt.connect(url, { reconnectPeriod: 0, connectTimeout: 10_000, ...options });
    const device = new Device(options.clientId, client);
    const settled = new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => setImmediate(reject, new Error('The broker closed the connection.')));
    });
    try {
      await within(settled, { what: `${options.clientId} to be let in` });
    } catch (error) {
      device.destroy();
      throw error;
    }
    return device;
  }

  /** The granted QoS, or the failure code, per filter. */
  async subscribe(filter: string | string[], qos: QoS = 0): Promise<number[]> {
    return new Promise((resolve, reject) => {
      this.mqtt.subscribe(filter, { qos }, (error, granted, packet) => {
        const codes = (packet as { granted?: number[] } | undefined)?.granted;
        if (codes) resolve(codes);
        else if (error) reject(error);
        else resolve((granted ?? []).map((one) => one.qos));
      });
    });
  }

  /** Resolves as the QoS promises; rejects with the broker's reason. */
  async publish(
    topic: string,
    text: string | Buffer,
    options: IClientPublishOptions = {},
  ): Promise<Packet | undefined> {
    return this.mqtt.publishAsync(topic, text, options);
  }

  /** Resolves with the first message that fits, also one that came before. */
  async message(fits: string | ((message: Received) => boolean), timeoutMs = 15_000): Promise<Received> {
    const test = typeof fits === 'string' ? ({ text }: Received) => text === fits : fits;
    const what = `${this.clientId} to receive ${typeof fits === 'string' ? `"${fits}"` : 'a message that fits'}`;
    return waitFor(() => this.messages.find(test), { what, timeoutMs });
  }

  /** Resolves when the connection is gone. */
  async closed(timeoutMs = 15_000): Promise<void> {
    await waitFor(() => this.isClosed, { what: `${this.clientId} to be closed`, timeoutMs });
  }

  /** The texts received on a topic, in order. */
  texts(topic: string): string[] {
    return this.messages.filter((message) => message.topic === topic).map(({ text }) => text);
  }

  /** Is not ended between tests. */
  outlivesTests(): void {
    open.delete(this);
  }

  /** As when a device is switched off properly. */
  async end(): Promise<void> {
    open.delete(this);
    await this.mqtt.endAsync(false);
  }

  /** As when its power fails: no DISCONNECT. */
  destroy(): void {
    open.delete(this);
    this.mqtt.options.reconnectPeriod = 0;
    this.mqtt.stream?.destroy();
    this.mqtt.end(true);
  }
}

/** Ends all devices that a test left open. */
export function destroyDevices(): void {
  for (const device of [...open]) device.destroy();
}
