import type { IClientOptions } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { ScramDevice } from '../support/scram.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const PUMP = ['pump', 'a long secret'] as const;
const VALVE = ['valve', 'another secret'] as const;

const running = useServer({ flags: ['--max-failed-logins', '4'] }, async ({ admin }) => {
  await admin.createUser(...PUMP);
  await admin.createUser(...VALVE);
  await admin.setRules([allow('pump', 'pubsub', 'pump/#', 'both/#'), allow('valve', 'pubsub', 'valve/#', 'both/#')]);
});

async function connect(who: readonly [string, string], options: IClientOptions = {}, url = running.server.mqttUrl) {
  const device = await ScramDevice.connect(url, who, options);
  onTestFinished(() => {
    device.mqtt.end(true);
  });
  return device;
}

const refusedWith = (code: number) => expect.objectContaining({ code }) as Error;

describe('mqtt.js with SCRAM-SHA-256', () => {
  test.each(['TCP', 'WebSocket'])(
    'comes in over %s without ever sending the password, and trusts the server',
    async (transport) => {
      const { mqttUrl, mqttWsUrl } = running.server;
      const device = await connect(PUMP, { clientId: `scram-${transport}` }, transport === 'TCP' ? mqttUrl : mqttWsUrl);
      expect(device.isTrusting).toBe(true);
      expect(await running.admin.client(`scram-${transport}`)).toMatchObject({ online: true, username: 'pump' });
      await device.mqtt.subscribeAsync('pump/#');
      await device.mqtt.publishAsync('pump/1', 'on', { qos: 1 });
      await waitFor(() => device.messages.includes('pump/1=on'), { what: 'its own message' });
      await expect(device.mqtt.publishAsync('valve/1', 'on', { qos: 1 })).rejects.toEqual(refusedWith(0x87));
    },
  );

  test('is refused with a wrong password as with a user that is not there', async () => {
    await expect(connect(['valve', 'guess'])).rejects.toEqual(refusedWith(0x86));
    await expect(connect(['nobody', 'guess'])).rejects.toEqual(refusedWith(0x86));
  });

  test('is banned as that user after so many guesses, and only from there as that user', async () => {
    await running.admin.createUser('target', 'a long secret');
    for (let i = 0; i < 4; i++) await expect(connect(['target', `guess ${i}`])).rejects.toEqual(refusedWith(0x86));
    await expect(connect(['target', 'a long secret'])).rejects.toEqual(refusedWith(0x8a));
    expect((await connect(PUMP)).isTrusting).toBe(true);
    const { refusals } = await running.admin.get<{ refusals: Record<string, number> }>('/stats');
    expect(refusals).toMatchObject({ banned: 1 });
  });

  test('authenticates again as another user, whose rights it has from then on', async () => {
    const device = await connect(PUMP, { clientId: 'changing' });
    await device.mqtt.subscribeAsync(['pump/#', 'both/#']);
    const publisher = await Device.connect(running.server.mqttUrl, {
      clientId: 'p',
      username: PUMP[0],
      password: PUMP[1],
    });
    await device.authenticateAgain(...VALVE);
    expect(device.isTrusting).toBe(true);
    await publisher.publish('pump/1', 'lost', { qos: 1 });
    await publisher.publish('both/1', 'kept', { qos: 1 });
    await waitFor(() => device.messages.includes('both/1=kept'), { what: 'what both may see' });
    expect(device.messages).not.toContain('pump/1=lost');
    await device.mqtt.publishAsync('valve/1', 'mine now', { qos: 1 });
    await expect(device.mqtt.publishAsync('pump/1', 'no more', { qos: 1 })).rejects.toEqual(refusedWith(0x87));
  });

  test('is disconnected when it cannot prove to be who it says it is now', async () => {
    const device = await connect(PUMP, { clientId: 'lying' });
    let code: number | undefined;
    device.mqtt.on('disconnect', (packet) => (code = packet.reasonCode));
    await expect(device.authenticateAgain('valve', 'guess again')).rejects.toThrow('closed');
    expect(code).toBe(0x87);
  });
});

test('a method that is not served is refused with 0x8C', async () => {
  const properties = { authenticationMethod: 'SCRAM-SHA-1', authenticationData: Buffer.from('n,,n=pump,r=x') };
  const device = Device.connect(running.server.mqttUrl, { clientId: 'sha-1', protocolVersion: 5, properties });
  await expect(device).rejects.toEqual(refusedWith(0x8c));
});
