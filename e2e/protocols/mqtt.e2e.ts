import { describe, expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const ANN = { username: 'ann', password: 'ann-password-1' };
const NOT_AUTHORIZED = 0x87;

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.createUser(ANN.username, ANN.password);
  await admin.setRules([
    { ...denyAll('pub', 'plant/locked') },
    allow('joy', 'pubsub', 'plant/#'),
    allow('joy', 'pubsub', 'devices/%c/#'),
    allow('joy', 'sub', '$SYS/#'),
    allow('ann', 'sub', 'plant/+/temperature'),
  ]);
});

/** MQTT 5 says why; MQTT 3.1.1 has no word for it, so that the link is closed instead [MQTT-3.3.5-2]. */
async function expectPublishRefused(device: Device, topic: string): Promise<void> {
  const outcome = device.publish(topic, 'refused', { qos: 1 });
  if (device.mqtt.options.protocolVersion === 5) {
    await expect(outcome).rejects.toMatchObject({ code: NOT_AUTHORIZED });
    expect(device.mqtt.connected).toBe(true);
  } else {
    outcome.catch(() => undefined);
    await device.closed();
  }
}

let names = 0;
const aName = (prefix: string) => `${prefix}-${++names}`;

const transports = [
  { name: 'MQTT 3.1.1 over TCP', protocolVersion: 4, url: () => perch.server.mqttUrl },
  { name: 'MQTT 5 over TCP', protocolVersion: 5, url: () => perch.server.mqttUrl },
  { name: 'MQTT 3.1.1 over WebSocket', protocolVersion: 4, url: () => perch.server.mqttWsUrl },
  { name: 'MQTT 5 over WebSocket', protocolVersion: 5, url: () => perch.server.mqttWsUrl },
] as const;

describe.each(transports)('mqtt.js speaks $name', ({ protocolVersion, url }) => {
  const is5 = protocolVersion === 5;
  const connect = (options: Partial<Parameters<typeof Device.connect>[1]> = {}) =>
    Device.connect(url(), { clientId: aName('device'), protocolVersion, ...JOY, ...options });

  test('a user is let in by the right password and by no other', async () => {
    await expect(connect({ password: 'wrong' })).rejects.toMatchObject({ code: is5 ? 0x86 : 4 });
    await expect(connect({ username: 'nobody' })).rejects.toMatchObject({ code: is5 ? 0x86 : 4 });
    await expect(connect({ username: undefined, password: undefined })).rejects.toMatchObject({ code: is5 ? 0x87 : 5 });
    expect((await connect()).mqtt.connected).toBe(true);
  });

  test.each([0, 1, 2] as const)(
    'QoS %i messages arrive once and in order [MQTT-4.6.0-6] [MQTT5-4.6.0-5]',
    async (qos) => {
      const [sender, receiver] = await Promise.all([connect(), connect()]);
      expect(await receiver.subscribe('plant/+/speed', qos)).toEqual([qos]);
      const texts = Array.from({ length: 50 }, (_, index) => `${aName('speed')} ${index}`);
      await Promise.all(texts.map((text) => sender.publish('plant/1/speed', text, { qos })));
      await receiver.message(texts.at(-1) ?? '');
      expect(receiver.texts('plant/1/speed')).toEqual(texts);
      expect(receiver.messages.every((message) => message.qos === qos && !message.retain)).toBe(true);
    },
  );

  test('what no rule allows is refused, and reaches nobody [MQTT-3.3.5-2]', async () => {
    const [sender, receiver] = await Promise.all([connect(), connect()]);
    await receiver.subscribe('plant/#');
    expect(await receiver.subscribe(['elsewhere/#', 'plant/2/x', 'devices/somebody-else/x'])).toEqual([
      is5 ? NOT_AUTHORIZED : 0x80,
      0,
      is5 ? NOT_AUTHORIZED : 0x80,
    ]);
    await expectPublishRefused(sender, 'plant/locked');
    await (await connect()).publish('plant/open', 'after', { qos: 1 });
    await receiver.message('after');
    expect(receiver.texts('plant/locked')).toEqual([]);
  });

  test('%c in a rule is the own client id', async () => {
    const device = await connect();
    expect(await device.subscribe(`devices/${device.clientId}/set`, 1)).toEqual([1]);
    await device.publish(`devices/${device.clientId}/set`, 'mine', { qos: 1 });
    await device.message('mine');
  });

  test('a subscription that is wider than its rule is refused', async () => {
    const ann = await connect({ ...ANN });
    expect(await ann.subscribe(['plant/1/temperature', 'plant/#'])).toEqual([0, is5 ? NOT_AUTHORIZED : 0x80]);
  });

  test('a retained message waits for who comes later, and an empty one ends it [MQTT-3.3.1-6] [MQTT-3.3.1-10]', async () => {
    const topic = `plant/${aName('retained')}`;
    const sender = await connect();
    await sender.publish(topic, 'kept', { qos: 1, retain: true });
    const late = await connect();
    await late.subscribe(topic, 1);
    expect(await late.message('kept')).toMatchObject({ retain: true, qos: 1 });
    await sender.publish(topic, '', { qos: 1, retain: true });
    const later = await connect();
    await later.subscribe(topic, 1);
    await sender.publish(topic, 'live', { qos: 1 });
    await later.message('live');
    expect(later.texts(topic)).toEqual(['live']);
  });

  test('a will is published when the power fails, and not after a proper goodbye [MQTT-3.1.2-8] [MQTT-3.14.4-3]', async () => {
    const watcher = await connect();
    await watcher.subscribe('plant/wills/+', 1);
    const will = (text: string) => ({
      topic: `plant/wills/${text}`,
      payload: Buffer.from(text),
      qos: 1 as const,
      retain: false,
    });
    const polite = await connect({ will: will('polite') });
    const abrupt = await connect({ will: will('abrupt') });
    await polite.end();
    abrupt.destroy();
    await watcher.message('abrupt');
    expect(watcher.messages.map(({ text }) => text)).toEqual(['abrupt']);
  });

  test('a will that no rule allows keeps its client out', async () => {
    const will = { topic: 'plant/locked', payload: Buffer.from('x'), qos: 0 as const, retain: false };
    await expect(connect({ will })).rejects.toMatchObject({ code: is5 ? NOT_AUTHORIZED : 5 });
  });

  test('whoever connects later with a client id takes it over [MQTT-3.1.4-2] [MQTT5-3.1.4-3]', async () => {
    const clientId = aName('twin');
    const first = await connect({ clientId });
    const second = await connect({ clientId });
    await first.closed();
    if (is5) expect(first.goodbyes).toEqual([0x8e]);
    await second.subscribe('plant/twin');
    await second.publish('plant/twin', 'here');
    await second.message('here');
    expect(await perch.admin.client(clientId)).toMatchObject({ online: true });
  });

  test('who keeps quiet for one and a half keep-alives is closed, and its will is published [MQTT-3.1.2-24] [MQTT5-3.1.2-22]', async () => {
    const watcher = await connect();
    await watcher.subscribe('plant/silent', 1);
    const will = { topic: 'plant/silent', payload: Buffer.from('gone'), qos: 1 as const, retain: false };
    const device = await connect({ keepalive: 1, will });
    device.mqtt['keepaliveManager'].destroy(); // hangs, but its connection stays
    const startedAt = performance.now();
    await watcher.message('gone');
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    await device.closed();
    expect(await perch.admin.client(device.clientId)).toMatchObject({ online: false, reason: 'keep-alive-timeout' });
  });

  test('who pings stays [MQTT-3.12.4-1] [MQTT5-3.12.4-1]', async () => {
    // It is closed when it is a second late, which on a busy machine it would be with less.
    const device = await connect({ keepalive: 2 });
    const pings: unknown[] = [];
    device.mqtt.on('packetreceive', (packet) => packet.cmd === 'pingresp' && pings.push(packet));
    await waitFor(() => pings.length >= 2, { what: 'two pings' });
    expect(device.mqtt.connected).toBe(true);
  });

  test('a message of 900 kB arrives whole [MQTT-7.1.1-1] [MQTT5-4.2-1]', async () => {
    const [sender, receiver] = await Promise.all([connect(), connect()]);
    await receiver.subscribe('plant/large', 1);
    const text = 'x'.repeat(900_000);
    await sender.publish('plant/large', text, { qos: 1 });
    expect((await receiver.message(({ topic }) => topic === 'plant/large')).text).toBe(text);
  });

  test('nobody but the broker publishes under $SYS', async () => {
    const device = await connect();
    await expectPublishRefused(device, '$SYS/broker/version');
    const reader = await connect();
    await reader.subscribe('$SYS/broker/version');
    const { text } = await reader.message(({ topic }) => topic === '$SYS/broker/version');
    expect(text).not.toBe('refused');
  });
});

test('messages cross from every transport to every other [MQTT-7.0.0-2] [MQTT-7.1.1-1] [MQTT5-4.2-1]', async () => {
  const devices = await Promise.all(
    transports.map(({ protocolVersion, url }) =>
      Device.connect(url(), { clientId: aName('cross'), protocolVersion, ...JOY }),
    ),
  );
  await Promise.all(devices.map((device) => device.subscribe('plant/cross', 1)));
  await Promise.all(devices.map((device) => device.publish('plant/cross', device.clientId, { qos: 1 })));
  for (const device of devices) for (const { clientId } of devices) await device.message(clientId);
});

test('a shared subscription brings each message to one member of its group', async () => {
  const members = await Promise.all(
    [1, 2].map(() => Device.connect(perch.server.mqttUrl, { clientId: aName('shared'), protocolVersion: 5, ...JOY })),
  );
  for (const member of members) expect(await member.subscribe('$share/group/plant/share')).toEqual([0]);
  const [sender] = members;
  for (let i = 0; i < 10; i++) await sender!.publish('plant/share', String(i), { qos: 1 });
  const counts = () => members.map((member) => member.messages.length);
  await waitFor(() => counts().reduce((sum, count) => sum + count) >= 10, { what: 'all messages' });
  expect(counts()).toEqual([5, 5]);
});
