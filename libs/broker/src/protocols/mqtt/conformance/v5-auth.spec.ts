import { describe, expect, test } from 'vitest';
import type { AuthenticationStep, Authenticator } from '../../../ports/authenticator.js';
import {
  mqttClient,
  newBroker,
  type MqttClient,
  type MqttClientOptions,
  type TestBroker,
} from '../../../testing/index.js';
import { packetOf, packetsIn, properties } from '../../../testing/mqtt-bytes.js';

const v5 = { protocolVersion: 5 } as const;
const METHOD = 'RIDDLE';

/** What the riddle leads to: asks once, lets `right` in, refuses everything else. */
function riddle(): { step(data: Buffer | null): AuthenticationStep } {
  let asked = false;
  return {
    step: (data) => {
      if (!asked) {
        asked = true;
        return { state: 'continue', data: Buffer.from('why?') };
      }
      if (data?.toString() === 'right') return { state: 'accepted', username: 'ana', data: Buffer.from('welcome') };
      return { state: 'refused', refusal: 'bad-credentials' };
    },
  };
}

const authenticator: Authenticator = {
  authenticate: ({ username }) => ({ accepted: true, username }),
  begin: (method) => (method === METHOD ? riddle() : null),
};

/** A client that says with which method it authenticates. */
function asking(it: TestBroker, options: MqttClientOptions = {}): MqttClient {
  const properties = { authenticationMethod: METHOD, ...options.properties };
  return mqttClient(it, { ...v5, clientId: 'c', ...options, properties });
}

const CONTINUE = 0x18;
const AGAIN = 0x19;
const auth = (client: MqttClient, reasonCode: number, data: string, method = METHOD) =>
  client.send({
    cmd: 'auth',
    reasonCode,
    properties: { authenticationMethod: method, authenticationData: Buffer.from(data) },
  });
const cmds = (client: MqttClient) => client.packets.map(({ cmd }) => cmd);

describe('authenticating when connecting', () => {
  test('the broker asks with AUTH 0x18 before it answers with CONNACK, both in the method of the client [MQTT5-4.12.0-2] [MQTT5-4.12.0-5] [MQTT5-3.15.2-1] [MQTT5-3.2.0-1]', () => {
    const it = newBroker({ authenticator });
    const client = asking(it);
    expect(cmds(client)).toEqual(['auth']);
    const question = { authenticationMethod: METHOD, authenticationData: Buffer.from('why?') };
    expect(client.last('auth')).toMatchObject({ reasonCode: CONTINUE, properties: question });
    auth(client, CONTINUE, 'right');
    expect(cmds(client)).toEqual(['auth', 'connack']);
    const welcome = { authenticationMethod: METHOD, authenticationData: Buffer.from('welcome') };
    expect(client.last('connack')).toMatchObject({ reasonCode: 0, properties: welcome });
    expect(it.broker.sessions.get('c')?.identity.username).toBe('ana');
  });

  test('a wrong answer is refused and closed [MQTT5-4.12.0-4]', () => {
    const it = newBroker({ authenticator });
    const client = auth(asking(it), CONTINUE, 'wrong');
    expect(cmds(client)).toEqual(['auth', 'connack']);
    expect(client.last('connack')?.reasonCode).toBe(0x86);
    expect([client.isClosed, it.broker.presence.onlineCount]).toEqual([true, 0]);
  });

  test('a method that is not known is refused and closed [MQTT5-4.12.0-1]', () => {
    const client = asking(newBroker({ authenticator }), { properties: { authenticationMethod: 'MAGIC' } });
    expect(cmds(client)).toEqual(['connack']);
    expect(client.last('connack')?.reasonCode).toBe(0x8c);
    expect(client.isClosed).toBe(true);
  });

  test('without a method there is no AUTH, and none is named [MQTT5-4.12.0-6]', () => {
    const client = mqttClient(newBroker({ authenticator }), v5);
    expect(cmds(client)).toEqual(['connack']);
    expect(client.last('connack')?.properties).not.toHaveProperty('authenticationMethod');
    expect(client.last('connack')?.properties).not.toHaveProperty('authenticationData');
  });

  test.each([
    ['PUBLISH', packetOf(0x30, 'a', properties())],
    ['SUBSCRIBE', packetOf(0x82, Buffer.from([0, 1]), properties(), 'a', 0)],
    ['PINGREQ', packetOf(0xc0)],
    ['another CONNECT', packetOf(0x10, 'MQTT', 5, 2, Buffer.from([0, 0]), properties(), 'd')],
    ['AUTH with another method', packetOf(0xf0, CONTINUE, properties(0x15, 'MAGIC'))],
    ['AUTH without a method', packetOf(0xf0, CONTINUE, properties())],
    ['AUTH that begins anew', packetOf(0xf0, AGAIN, properties(0x15, METHOD))],
  ])(
    '%s instead of the answer is a protocol error [MQTT5-3.1.2-30] [MQTT5-4.12.0-3] [MQTT5-4.12.0-5]',
    (_what, bytes) => {
      const it = newBroker({ authenticator });
      const client = asking(it).sendBytes(bytes);
      expect(cmds(client)).toEqual(['auth', 'connack']);
      expect(client.last('connack')?.reasonCode).toBe(0x82);
      expect([client.isClosed, it.broker.presence.onlineCount]).toEqual([true, 0]);
    },
  );

  test('DISCONNECT instead of the answer ends it, without a word [MQTT5-3.1.2-30]', () => {
    const it = newBroker({ authenticator });
    const client = asking(it).sendBytes(packetOf(0xe0));
    expect([cmds(client), client.isClosed, it.broker.presence.onlineCount]).toEqual([['auth'], true, 0]);
  });

  test('a client that never answers is closed in time', () => {
    const it = newBroker({ authenticator, limits: { connectTimeoutMs: 10_000 } });
    const client = asking(it);
    it.clock.advance(12_000);
    expect(client.isClosed).toBe(true);
  });
});

describe('authenticating again', () => {
  const known = (it: TestBroker) => auth(asking(it), CONTINUE, 'right');

  test('goes on beside everything else, and ends with AUTH 0 [MQTT5-4.12.1-1] [MQTT5-3.15.2-1] [MQTT5-4.12.0-5]', () => {
    const client = known(newBroker({ authenticator })).subscribe('a');
    auth(client, AGAIN, '');
    client.publish('a', 'meanwhile', { qos: 1 });
    auth(client, CONTINUE, 'right');
    expect(cmds(client).slice(2)).toEqual(['suback', 'auth', 'publish', 'puback', 'auth']);
    expect(client.received('auth').map(({ reasonCode }) => reasonCode)).toEqual([CONTINUE, CONTINUE, 0]);
    expect(client.last('auth')?.properties?.authenticationMethod).toBe(METHOD);
    expect(client.isClosed).toBe(false);
  });

  test('that fails ends the connection, and says so [MQTT5-4.12.1-2]', () => {
    const client = auth(auth(known(newBroker({ authenticator })), AGAIN, ''), CONTINUE, 'wrong');
    expect(client.last('disconnect')?.reasonCode).toBe(0x87);
    expect(client.isClosed).toBe(true);
  });

  test('by another method is a protocol error [MQTT5-4.12.1-1]', () => {
    const client = auth(known(newBroker({ authenticator })), AGAIN, '', 'MAGIC');
    expect(client.last('disconnect')?.reasonCode).toBe(0x82);
    expect(client.isClosed).toBe(true);
  });

  test('an answer to nothing is a protocol error, and so is AUTH of who named no method [MQTT5-4.12.0-7]', () => {
    const it = newBroker({ authenticator });
    const clients = [auth(known(it), CONTINUE, 'right'), auth(mqttClient(it, v5), AGAIN, '')];
    for (const client of clients) {
      expect(client.last('disconnect')?.reasonCode).toBe(0x82);
      expect(client.isClosed).toBe(true);
    }
  });

  test('AUTH says nothing but method and data: neither reason string nor user properties [MQTT5-3.15.2-2] [MQTT5-3.15.2-3]', () => {
    const client = known(newBroker({ authenticator }));
    auth(auth(client, AGAIN, ''), CONTINUE, 'right');
    const expected = (code: number, data: string) =>
      packetOf(0xf0, code, properties(0x15, METHOD, 0x16, data)).toString('hex');
    const auths = packetsIn(client.wire).filter((packet) => packet.startsWith('f0'));
    expect(auths).toEqual([expected(CONTINUE, 'why?'), expected(CONTINUE, 'why?'), expected(0, 'welcome')]);
  });

  test('AUTH that is larger than the client takes is not sent: the connection ends [MQTT5-3.1.2-24]', () => {
    const client = asking(newBroker({ authenticator }), { properties: { maximumPacketSize: 16 } });
    expect(client.received('auth')).toEqual([]);
    expect(client.isClosed).toBe(true);
  });
});
