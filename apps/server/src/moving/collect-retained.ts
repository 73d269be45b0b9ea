import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { RetainedLine } from '../features/retained/retained-file.schemas.js';

/** Where retained messages are read from, and until when. */
export interface RetainedSource {
  /** As mqtt://host:1883, mqtts://, ws:// or wss://. */
  readonly url: string;
  readonly filter: string;
  readonly username?: string;
  readonly password?: string;
  /** Everything has come when nothing came for so long, in ms. */
  readonly quietMs: number;
}

/** What was read. */
export interface Collected {
  readonly messages: number;
  readonly bytes: number;
}

type Line = Pick<RetainedLine, 'topic' | 'qos' | 'payload' | 'encoding' | 'properties' | 'expiresAt'>;

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Reads what a broker retains, over MQTT 5 or else 3.1.1, into a file of NDJSON as it comes: however much it is, little of it
 * is held. Messages of `$SYS` are not read. Rejects with what the broker says.
 */
export async function collectRetained(
  { url, filter, username, password, quietMs }: RetainedSource,
  file: string,
  tell: (collected: Collected) => void,
): Promise<Collected> {
  const client = await connect(url, { username, password });
  const out = createWriteStream(file, { mode: 0o600 });
  const collected = { messages: 0, bytes: 0 };
  let lastAt = Date.now();
  let failure: Error | null = null;
  client.on('error', (error) => (failure ??= error));
  client.on('close', () => (failure ??= new Error('The broker closed the connection.')));
  out.on('error', (error) => (failure ??= error));
  // The next packet is read when this one is written.
  client.handleMessage = (packet, done) => {
    // What is published meanwhile is not retained, and may never end.
    if (!packet.retain || packet.payload.length === 0) return done();
    lastAt = Date.now();
    collected.messages++;
    collected.bytes += packet.payload.length;
    if (out.write(`${JSON.stringify(lineOf(packet))}\n`)) return done();
    out.once('drain', () => done());
  };
  try {
    const [granted] = await client.subscribeAsync(filter, { qos: 1 });
    if (!granted || granted.qos > 2) throw new Error(`The broker refused the subscription ${filter}.`);
    while (!failure && Date.now() - lastAt < quietMs) {
      await once(AbortSignal.timeout(Math.min(quietMs, 250)), 'abort');
      tell(collected);
    }
    if (failure) throw failure as Error;
  } finally {
    client.removeAllListeners('close');
    await client.endAsync(true).catch(() => undefined);
    out.end();
    await finished(out).catch(() => undefined);
  }
  return collected;
}

async function connect(url: string, credentials: Pick<IClientOptions, 'username' | 'password'>): Promise<MqttClient> {
  const options: IClientOptions = {
    ...credentials,
    clientId: `perch-import-${randomUUID().slice(0, 8)}`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
  };
  try {
    return await connectAsync(url, { ...options, protocolVersion: 5 }, false);
  } catch (error) {
    if (!isOtherVersion(error)) throw error;
    return connectAsync(url, { ...options, protocolVersion: 4 }, false);
  }
}

/** How brokers answer to a version that they don't speak: with a code, or by hanging up. */
function isOtherVersion(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message: string };
  return code === 1 || code === 132 || /version|closed/i.test(message);
}

function lineOf(packet: IPublishPacket): Line {
  const { topic, qos, payload, properties = {} } = packet;
  const { messageExpiryInterval, payloadFormatIndicator, contentType, responseTopic, correlationData } = properties;
  const userProperties = Object.entries(properties.userProperties ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
  const kept = {
    ...(payloadFormatIndicator === undefined ? {} : { payloadFormatIndicator }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData: correlationData.toString('base64') }),
    ...(userProperties.length === 0 ? {} : { userProperties }),
  };
  return {
    topic,
    qos,
    payload: Buffer.from(payload).toString('base64'),
    encoding: 'base64',
    properties: Object.keys(kept).length === 0 ? null : kept,
    expiresAt:
      messageExpiryInterval === undefined ? null : new Date(Date.now() + messageExpiryInterval * 1000).toISOString(),
  };
}
