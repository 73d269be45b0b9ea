import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import {
  type LinkEvents,
  LinkRefusal,
  type LinkTarget,
  type Publication,
  type SubscribeWish,
  type TestLink,
} from './link.js';
import type { MqttProperties } from './message.js';
import { NOT_AUTHORIZED, noteOf, reasonStringOf, reasonText } from './mqtt-packets.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.link;
const CONNECT_TIMEOUT_MS = 10_000;
const NO_SUBSCRIBERS = 16;

/** Connects with MQTT over a WebSocket. It does not come back by itself: what ended it is to be seen. */
export function openMqttLink(target: LinkTarget, events: LinkEvents): TestLink {
  return new MqttLink(mqtt.connect(target.url, optionsOf(target)), target, events);
}

function optionsOf({ protocol, clientId, login, cleanStart, keepAliveSeconds, ...rest }: LinkTarget): IClientOptions {
  const common: IClientOptions = {
    clientId,
    ...login,
    clean: cleanStart,
    keepalive: keepAliveSeconds,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    resubscribe: false,
    // A worker for timers would be made of a text.
    timerVariant: 'native',
  };
  if (protocol === 'mqtt311') return { ...common, protocolVersion: 4 };
  const properties = { sessionExpiryInterval: rest.sessionExpirySeconds, requestProblemInformation: true };
  return { ...common, protocolVersion: 5, properties };
}

class MqttLink implements TestLink {
  private readonly isMqtt5: boolean;
  /** Why it ended, as far as anybody said. */
  private reason: string | null = null;
  private lastAnswer: string | null = null;

  constructor(
    private readonly client: MqttClient,
    { protocol, clientId }: LinkTarget,
    events: LinkEvents,
  ) {
    this.isMqtt5 = protocol === 'mqtt5';
    client.on('packetsend', (packet) => events.packet(noteOf(packet, 'out')));
    client.on('packetreceive', (packet) => {
      this.lastAnswer = reasonStringOf(packet);
      events.packet(noteOf(packet, 'in'));
      if (packet.cmd === 'disconnect') this.reason = said(texts.disconnected, packet.reasonCode ?? 0, this.lastAnswer);
    });
    client.on('connect', ({ properties }) => events.opened(properties?.assignedClientIdentifier ?? clientId));
    client.on('message', (topic, payload, packet) => events.message(receivedOf(topic, payload, packet)));
    client.on('error', (error) => {
      this.reason ??= this.lastAnswer === null ? error.message : `${error.message}: ${this.lastAnswer}`;
    });
    client.on('close', () => events.ended(this.reason ?? (client.disconnecting ? texts.closed : texts.lost)));
  }

  subscribe({ filter, qos, noLocal }: SubscribeWish): Promise<0 | 1 | 2> {
    const options = this.isMqtt5 ? { qos, nl: noLocal } : { qos };
    return new Promise((resolve, reject) => {
      this.client.subscribe(filter, options, (error, granted, packet) => {
        const code = packet?.granted[0] as number | undefined;
        if (!error && code !== undefined && code < 0x80) return resolve(code as 0 | 1 | 2);
        if (!error && granted?.length === 0) return resolve(qos);
        reject(code === undefined ? notSent(error) : refusedWith(code, reasonStringOf(packet), !this.isMqtt5));
      });
    });
  }

  unsubscribe(filter: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.client.unsubscribe(filter, (error) => (error ? reject(notSent(error)) : resolve()));
    });
  }

  asksAgain(): boolean {
    return false;
  }

  publish({ topic, payload, qos, retain, properties }: Publication): Promise<string | null> {
    const options = { qos, retain, ...(this.isMqtt5 && { properties: wireProperties(properties) }) };
    return new Promise((resolve, reject) => {
      this.client.publish(topic, payload as Buffer, options, (error, packet) => {
        const code = (packet as { reasonCode?: number } | undefined)?.reasonCode;
        const errorCode = (error as { code?: number } | null)?.code;
        if (error) {
          const isAnswer = typeof errorCode === 'number';
          return reject(isAnswer ? refusedWith(errorCode, reasonStringOf(packet), false) : notSent(error));
        }
        if (qos === 0) return resolve(null);
        resolve(code === NO_SUBSCRIBERS ? reasonText(NO_SUBSCRIBERS) : texts.acknowledged);
      });
    });
  }

  close(): void {
    this.client.end();
  }
}

function notSent(error: Error | null): LinkRefusal {
  return new LinkRefusal(error?.message ?? texts.lost, false);
}

/** MQTT 3.1.1 has one code for every refused SUBSCRIBE. */
function refusedWith(code: number, reason: string | null, isVague: boolean): LinkRefusal {
  return new LinkRefusal(said(texts.refused, code, reason), code === NOT_AUTHORIZED || isVague);
}

function said(what: string, code: number, reason: string | null): string {
  return `${what}: ${reasonText(code)}${reason === null ? '' : ` (${reason})`}`;
}

function wireProperties(properties: MqttProperties) {
  const { contentType, responseTopic, correlationData, messageExpirySeconds, userProperties = [] } = properties;
  const byName: Record<string, string[]> = {};
  for (const [name, value] of userProperties) (byName[name] ??= []).push(value);
  return {
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: new TextEncoder().encode(correlationData) as Buffer }),
    ...(messageExpirySeconds !== undefined && { messageExpiryInterval: messageExpirySeconds }),
    ...(userProperties.length > 0 && { userProperties: byName }),
  };
}

function receivedOf(topic: string, payload: Uint8Array, { qos, retain, properties }: IPublishPacket) {
  return { topic, payload: Uint8Array.from(payload), qos, retain, properties: readProperties(properties) };
}

function readProperties(properties: IPublishPacket['properties']): MqttProperties {
  if (!properties) return {};
  const { contentType, responseTopic, correlationData, messageExpiryInterval, userProperties } = properties;
  const pairs = Object.entries(userProperties ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  return {
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: new TextDecoder().decode(correlationData) }),
    ...(messageExpiryInterval !== undefined && { messageExpirySeconds: messageExpiryInterval }),
    ...(pairs.length > 0 && { userProperties: pairs }),
  };
}
