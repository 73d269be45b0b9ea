import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', 'joy-password-1');
  await admin.setRules([allow('joy', 'pubsub', '#')]);
});

/** CONNECT of `joy`, whose password and id are in it, as hexadecimal digits. */
const connectHex = (clientId: string) => {
  const text = (value: string) => [...uint16(value.length), ...Buffer.from(value)];
  const body = [...text('MQTT'), 4, 0xc2, 0, 60, ...text(clientId), ...text('joy'), ...text('joy-password-1')];
  return Buffer.from([0x10, body.length, ...body]).toString('hex');
};
const uint16 = (value: number) => [value >> 8, value & 0xff];

/** A WebSocket at /mqtt, and what comes over it, frame by frame. */
async function open(...subprotocols: string[]) {
  const socket = new WebSocket(`${perch.server.url.replace('http', 'ws')}/mqtt`, subprotocols);
  const frames: { data: Buffer; isBinary: boolean }[] = [];
  socket.on('message', (data: Buffer, isBinary) => frames.push({ data, isBinary }));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const bytes = () => Buffer.concat(frames.map(({ data }) => data)).toString('hex');
  const heard = (digits: string) => waitFor(() => bytes() === digits, { what: `${digits} instead of ${bytes()}` });
  return { socket, frames, heard };
}

test.each([[['mqtt']], [['mqttv3.1', 'mqtt']], [['soap', 'mqtt', 'mqttv3.1']]])(
  'of the subprotocols %j mqtt is chosen [MQTT-6.0.0-3] [MQTT-6.0.0-4] [MQTT5-6.0.0-3] [MQTT5-6.0.0-4]',
  async (offered) => {
    const { socket } = await open(...offered);
    expect(socket.protocol).toBe('mqtt');
    socket.terminate();
  },
);

test('packets and frames need not begin or end together, and what is answered is binary [MQTT-6.0.0-1] [MQTT-6.0.0-2] [MQTT5-6.0.0-1] [MQTT5-6.0.0-2]', async () => {
  const { socket, frames, heard } = await open('mqtt');
  const subscribe = '8206000100016101';
  const publish = '3206000161000278';
  const conversation = Buffer.from(connectHex('frames') + subscribe + publish + 'c000', 'hex');
  const cuts = [0, 1, 2, 9, 30, conversation.length - 9, conversation.length - 3, conversation.length];
  for (const [index, start] of cuts.slice(0, -1).entries()) socket.send(conversation.subarray(start, cuts[index + 1]));
  await heard('20020000' + '9003000101' + '3206000161000178' + '40020002' + 'd000');
  expect(frames.every(({ isBinary }) => isBinary)).toBe(true);

  const whole = await open('mqtt');
  whole.socket.send(Buffer.from(connectHex('whole') + 'c000c000', 'hex'));
  await whole.heard('20020000d000d000');
  for (const each of [socket, whole.socket]) each.terminate();
});

test.each(['', '/', '/ws', '/devices/of/mine?key=1'])(
  'mqtt.js may be sent to %j as to any other broker',
  async (path) => {
    const login = { username: 'joy', password: 'joy-password-1' };
    const url = `${perch.server.url.replace('http', 'ws')}${path}`;
    const device = await Device.connect(url, { clientId: 'wherever', ...login });
    await device.subscribe('a', 1);
    await device.publish('a', 'came', { qos: 1 });
    await device.message('came');
  },
);
