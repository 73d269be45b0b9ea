import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writeCertificate } from '../support/certificates.js';
import { Device } from '../support/device.js';
import { mosquittoSpeaker } from '../support/mosquitto-speaker.js';
import { mqttJsSpeaker } from '../support/mqtt-js-speaker.js';
import { allow } from '../support/operator-api.js';
import { pahoSpeaker } from '../support/paho-speaker.js';
import { type Listening, type Login, type Message, Refused, type Transport } from '../support/speaker.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const PASSWORD = 'joy-password-1';
const speakers = [mqttJsSpeaker, mosquittoSpeaker, pahoSpeaker];
const versions = [
  { version: 4, spoken: '3.1.1' },
  { version: 5, spoken: '5.0' },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'perch-matrix-'));
const files = await writeCertificate(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const tls = ['--tls-cert', files.cert, '--tls-key', files.key, '--mqtts-port', '0', '--https-port', '0'];
const perch = useServer({ flags: tls }, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  await admin.setRules([allow('joy', 'pubsub', 'plant/#')]);
});

for (const { name, missing } of speakers) if (missing) console.warn(`Skipped: ${name}: ${missing}.`);

const schemes: Record<Transport, string> = { TCP: 'mqtt', TLS: 'mqtts', WS: 'ws', WSS: 'wss' };

/** The port that the server says this transport has. */
function portOf(transport: Transport): number {
  const port = new RegExp(`\\b${schemes[transport]}://[^\\s:]+:(\\d+)`).exec(perch.server.output)?.[1];
  if (port === undefined) throw new Error(`The server names no port for ${transport}:\n${perch.server.output}`);
  return Number(port);
}

let names = 0;
const aName = (prefix: string) => `${prefix}-${++names}`;
const everything = speakers.flatMap((speaker) =>
  speaker.transports.flatMap((transport) =>
    versions.map(({ version, spoken }) => ({ speaker, transport, version, spoken, name: speaker.name })),
  ),
);

describe.each(everything)('$name over $transport, MQTT $spoken', ({ speaker, transport, version }) => {
  /** A client that is known to work, to hear and say what the other one does not. */
  let witness: Device;
  beforeAll(async () => {
    const options = { clientId: aName('witness'), protocolVersion: 5, username: 'joy', password: PASSWORD } as const;
    witness = await Device.connect(perch.server.mqttUrl, options);
    witness.outlivesTests();
  });
  afterEach(() => speaker.hush());
  afterAll(() => witness?.destroy());

  const login = (changes: Partial<Login> = {}): Login => ({
    transport,
    version,
    port: portOf(transport),
    caFile: files.cert,
    clientId: aName('speaker'),
    username: 'joy',
    password: PASSWORD,
    ...changes,
  });
  const aMessage = (changes: Partial<Message> = {}): Message => ({
    topic: `plant/${aName('topic')}`,
    text: 'Grüße',
    qos: 1,
    retain: false,
    ...changes,
  });
  const hears = (listening: Listening, count: number) =>
    waitFor(() => listening.heard.length >= count, { what: `${count} messages` });

  test.skipIf(speaker.missing).each([0, 1, 2] as const)('QoS %i goes both ways, once and in order', async (qos) => {
    const topic = `plant/${aName('qos')}`;
    const listening = await speaker.listen(login(), topic, qos);
    await witness.subscribe(topic, qos);
    const said = ['one', 'two', 'three'].map((text) => aMessage({ topic, text, qos }));
    for (const message of said) await speaker.say(login(), message);
    const answers = ['four', 'five', 'six'].map((text) => aMessage({ topic, text, qos }));
    for (const { text } of answers) await witness.publish(topic, text, { qos });
    await hears(listening, 6);
    await witness.message('six');
    expect(listening.heard).toEqual([...said, ...answers]);
    expect(witness.texts(topic)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });

  test.skipIf(speaker.missing)('a retained message waits, and says that it did', async () => {
    const message = aMessage({ retain: true });
    await speaker.say(login(), message);
    const listening = await speaker.listen(login(), message.topic, 1);
    await hears(listening, 1);
    expect(listening.heard).toEqual([message]);
    await witness.publish(message.topic, '', { qos: 1, retain: true });
  });

  test.skipIf(speaker.missing)(
    'a will is published when the client is gone, and not when it took its leave',
    async () => {
      const will = aMessage({ text: 'gone' });
      await witness.subscribe(will.topic, 1);
      await speaker.say(login({ will: { ...will, text: 'polite' } }), aMessage());
      await (await speaker.listen(login({ will }), 'plant/nothing', 0)).vanish();
      await witness.message(({ topic }) => topic === will.topic);
      expect(witness.texts(will.topic)).toEqual(['gone']);
    },
  );

  test.skipIf(speaker.missing)('a wrong password is refused in words that the client understands', async () => {
    const stranger = login({ password: 'wrong' });
    await expect(speaker.say(stranger, aMessage())).rejects.toThrow(Refused);
    await expect(speaker.listen(stranger, 'plant/#', 1)).rejects.toThrow(Refused);
  });

  test.skipIf(speaker.missing)('900 kB arrive whole, both ways', async () => {
    const message = aMessage({ text: 'Perch '.repeat(150_000), qos: 1 });
    const listening = await speaker.listen(login(), message.topic, 1);
    await witness.subscribe(message.topic, 1);
    await speaker.say(login(), message);
    await witness.publish(message.topic, message.text, { qos: 1 });
    await hears(listening, 2);
    await waitFor(() => witness.texts(message.topic).length === 2, { what: 'both at the witness' });
    const isWhole = ({ text }: Message) => text === message.text;
    expect(listening.heard.map(isWhole)).toEqual([true, true]);
    expect(witness.texts(message.topic).map((text) => text === message.text)).toEqual([true, true]);
  });

  test.skipIf(speaker.missing)('a durable session keeps what it is owed while nobody listens', async () => {
    const topic = `plant/${aName('durable')}`;
    const who = login({ isDurable: true });
    await (await speaker.listen(who, topic, 2)).leave();
    const owed = [1, 2, 1, 2, 1].map((qos, index) => aMessage({ topic, text: `owed ${index}`, qos: qos as 1 | 2 }));
    for (const { text, qos } of owed) await witness.publish(topic, text, { qos });
    const listening = await speaker.listen(who, topic, 2);
    await hears(listening, owed.length);
    await witness.publish(topic, 'live', { qos: 1 });
    await hears(listening, owed.length + 1);
    const all = [...owed, aMessage({ topic, text: 'live' })];
    // A client may hand on a message of QoS 2 before or after its PUBREL: order holds within a QoS [MQTT-4.6.0-6].
    for (const level of [1, 2]) {
      const ofLevel = ({ qos }: Message) => qos === level;
      expect(listening.heard.filter(ofLevel)).toEqual(all.filter(ofLevel));
    }
  });
});
