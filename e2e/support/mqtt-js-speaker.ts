import { readFileSync } from 'node:fs';
import type { IClientOptions } from 'mqtt';
import { destroyDevices, Device } from './device.js';
import { DURABLE_SECONDS, isSecure, isWebSocket, type Login, Refused, type Speaker } from './speaker.js';

const schemes = { TCP: 'mqtt', TLS: 'mqtts', WS: 'ws', WSS: 'wss' } as const;
/** Bad user name or password, in MQTT 3 and 5. */
const REFUSALS: readonly unknown[] = [4, 0x86];

/** MQTT.js, in this process. */
export const mqttJsSpeaker: Speaker = {
  name: 'mqtt.js',
  transports: ['TCP', 'TLS', 'WS', 'WSS'],
  missing: null,

  async listen(login, filter, qos) {
    const device = await connect(login);
    await device.subscribe(filter, qos);
    return {
      get heard() {
        return device.messages.map(({ topic, text, retain, qos: level }) => ({ topic, text, retain, qos: level as 0 }));
      },
      leave: () => device.end(),
      vanish: async () => device.destroy(),
    };
  },

  async say(login, { topic, text, qos, retain }) {
    const device = await connect(login);
    await device.publish(topic, text, { qos, retain });
    await device.end();
  },

  hush: destroyDevices,
};

async function connect(login: Login): Promise<Device> {
  const { transport, port, version, clientId, username, password } = login;
  const url = `${schemes[transport]}://localhost:${port}${isWebSocket(transport) ? '/mqtt' : ''}`;
  const options: IClientOptions & { clientId: string } = {
    clientId,
    username,
    password,
    protocolVersion: version,
    clean: login.isDurable !== true,
    ...(isSecure(transport) && { ca: readFileSync(login.caFile) }),
    ...(login.will && { will: { ...login.will, payload: Buffer.from(login.will.text) } }),
    ...(version === 5 && { properties: { sessionExpiryInterval: login.isDurable ? DURABLE_SECONDS : 0 } }),
  };
  try {
    return await Device.connect(url, options);
  } catch (error) {
    const { code, message } = error as Error & { code?: unknown };
    throw REFUSALS.includes(code) ? new Refused(message) : error;
  }
}
