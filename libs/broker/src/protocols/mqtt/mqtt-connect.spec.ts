import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, MqttClient, newBroker, type TestBroker } from '../../testing/index.js';

describe('connecting', () => {
  test('a client that the authenticator lets in is acknowledged and is present [MQTT-3.1.4-4]', () => {
    const it = newBroker();
    const client = mqttClient(it, { clientId: 'pump-7', username: 'ana' });
    expect(client.last('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    expect(it.broker.presence.get('pump-7')).toMatchObject({ online: true, username: 'ana', protocol: 'mqtt3.1.1' });
  });

  test('a client with wrong credentials gets the code of its version and is closed', () => {
    const refuse = { authenticate: () => ({ accepted: false, refusal: 'bad-credentials' }) as const };
    const it = newBroker({ authenticator: refuse });
    const old = mqttClient(it);
    const recent = mqttClient(it, { protocolVersion: 5 });
    expect(old.last('connack')?.returnCode).toBe(4);
    expect(recent.last('connack')?.reasonCode).toBe(0x86);
    expect([old.isClosed, recent.isClosed]).toEqual([true, true]);
    expect(it.broker.counters.refusals['bad-credentials']).toBe(2);
  });

  test('packets sent before the authenticator has answered wait and are then handled in order', async () => {
    const it = newBroker({
      authenticator: { authenticate: () => Promise.resolve({ accepted: true, username: 'ana' }) },
    });
    const client = mqttClient(it).subscribe('a').publish('a', '1').publish('a', '2');
    expect(client.packets).toEqual([]);
    await Promise.resolve().then(() => new Promise(setImmediate));
    it.clock.turn();
    expect(client.packets.map((packet) => packet.cmd)).toEqual(['connack', 'suback', 'publish', 'publish']);
  });

  test('an authenticator that fails lets nobody in and costs only this link', async () => {
    const it = newBroker({ authenticator: { authenticate: () => Promise.reject(new Error('no database')) } });
    const client = mqttClient(it, { protocolVersion: 5 });
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.last('connack')?.reasonCode).toBe(0x88);
    expect(it.faults).toHaveLength(1);
  });

  test('a first packet that is no CONNECT closes the link [MQTT-3.1.0-1] [MQTT5-3.1.0-1]', () => {
    const it = newBroker();
    const client = new MqttClient(it).publish('a', 'b');
    expect(client.isClosed).toBe(true);
    expect(client.packets).toEqual([]);
    expect(it.broker.counters.refusals['protocol-error']).toBe(1);
  });

  test('a second CONNECT closes the link [MQTT5-3.1.0-2]', () => {
    const client = mqttClient(newBroker(), { protocolVersion: 5 }).connect();
    expect(client.last('disconnect')?.reasonCode).toBe(0x82);
    expect(client.isClosed).toBe(true);
  });

  test('a link without a CONNECT is closed after the connect timeout, and counted [MQTT31-3.1-5]', () => {
    const it = newBroker({ limits: { connectTimeoutMs: 5000 } });
    const client = new MqttClient(it);
    it.clock.advance(4000);
    expect(client.isClosed).toBe(false);
    it.clock.advance(3000);
    expect(client.isClosed).toBe(true);
    expect(it.broker.counters.linksClosed).toBe(1);
    expect(it.broker.counters.refusals['connect-timeout']).toBe(1);
  });

  test('links beyond the limit are told so, and where else to go, and leave no trace', () => {
    const it = newBroker({ limits: { connections: 1 }, serverReference: 'mqtt2:1883' });
    mqttClient(it);
    const old = mqttClient(it);
    const recent = mqttClient(it, { protocolVersion: 5 });
    expect(old.last('connack')?.returnCode).toBe(3);
    expect(recent.last('connack')).toMatchObject({ reasonCode: 0x9c, properties: { serverReference: 'mqtt2:1883' } });
    expect([old.isClosed, recent.isClosed]).toEqual([true, true]);
    expect(it.broker.counters.refusals['server-busy']).toBe(2);
    expect(it.broker.presence.onlineCount).toBe(1);
    expect(it.broker.turnedAway).toBe(0);
  });

  test('links beyond the limit that say nothing are soon closed, and no more than a few are waited for', () => {
    const it = newBroker({ limits: { connections: 1, turnedAway: 2 } });
    mqttClient(it);
    const silent = [new MqttClient(it), new MqttClient(it)];
    const third = new MqttClient(it);
    expect([...silent, third].map(({ isClosed }) => isClosed)).toEqual([false, false, true]);
    it.clock.advance(5000);
    expect(silent.every(({ isClosed }) => isClosed)).toBe(true);
    expect(it.broker.turnedAway).toBe(0);
    expect(mqttClient(it, { protocolVersion: 5 }).last('connack')?.reasonCode).toBe(0x89);
    expect(new MqttClient(it).sendBytes(Buffer.from('GET / HTTP/1.1')).isClosed).toBe(true);
  });

  test('a client without an id is given one, and MQTT 5 is told which [MQTT5-3.1.3-6] [MQTT5-3.1.3-7] [MQTT5-3.2.2-16]', () => {
    const it = newBroker();
    const client = mqttClient(it, { clientId: '', protocolVersion: 5 });
    const assigned = client.last('connack')?.properties?.assignedClientIdentifier as string;
    expect(it.broker.presence.get(assigned)?.online).toBe(true);
  });

  test('client ids that are reserved or too long are refused [MQTT-3.1.3-9] [MQTT5-3.1.3-8]', () => {
    const it = newBroker();
    expect(mqttClient(it, { clientId: '$operator/ana' }).last('connack')?.returnCode).toBe(2);
    expect(mqttClient(it, { clientId: 'x'.repeat(65_535), protocolVersion: 5 }).last('connack')?.reasonCode).toBe(0x85);
    expect(it.broker.counters.refusals['invalid-client-id']).toBe(2);
  });

  test('a version newer than there is gets an answer of MQTT 5 [MQTT5-3.1.2-2]', () => {
    const it = newBroker();
    const client = new MqttClient(it).sendBytes(
      Buffer.from('100c00044d51545409020000' + '00000000', 'hex').subarray(0, 14),
    );
    expect(client.last('connack')).toBeDefined();
    expect(client.isClosed).toBe(true);
    expect(it.broker.counters.refusals['unsupported-protocol-version']).toBe(1);
  });

  test('an authentication method that is not there is refused with 0x8C [MQTT5-4.12.0-1]', () => {
    const client = mqttClient(newBroker(), {
      protocolVersion: 5,
      properties: { authenticationMethod: 'SCRAM-SHA-256' },
    });
    expect(client.last('connack')?.reasonCode).toBe(0x8c);
  });

  test('a client that takes no packet as large as its answer is told so and closed [MQTT5-3.1.2-24]', () => {
    const it = newBroker();
    const small = (maximumPacketSize: number) =>
      mqttClient(it, { protocolVersion: 5, properties: { maximumPacketSize } });
    expect(small(10).last('connack')?.reasonCode).toBe(0x95);
    expect(small(4).packets).toEqual([]);
    expect(it.broker.presence.maximumOnline).toBe(0);
    const subscriptions = Array.from({ length: 50 }, (_, i) => ({ topic: `${i}`, qos: 0 as const }));
    const client = small(40).send({ cmd: 'subscribe', messageId: 1, subscriptions });
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'disconnect']);
    expect(client.last('disconnect')?.reasonCode).toBe(0x95);
  });

  test('a second client with the same id takes the session over [MQTT-3.1.4-2] [MQTT5-3.1.4-3]', () => {
    const it = newBroker();
    const first = mqttClient(it, { clientId: 'pump', protocolVersion: 5 }).subscribe('a');
    const second = mqttClient(it, { clientId: 'pump' });
    mqttClient(it).publish('a', 'x');
    expect(first.last('disconnect')?.reasonCode).toBe(0x8e);
    expect([first.isClosed, second.isClosed]).toEqual([true, false]);
    expect([first.messages, second.messages]).toEqual([[], []]);
    expect(it.broker.presence.get('pump')?.online).toBe(true);
  });
});

describe('a bridge, which is another broker', () => {
  /** CONNECT of a client that marks itself as one in the highest bit of its version. */
  const aBridge = (it: TestBroker) =>
    new MqttClient(it).sendBytes(Buffer.from('100d00044d515454840200000001' + '62', 'hex'));

  test('is let in, and gets neither its own messages back nor the RETAIN flag of others cleared', () => {
    const it = newBroker();
    const bridge = aBridge(it).subscribe('a/#');
    expect(bridge.last('connack')?.returnCode).toBe(0);
    bridge.publish('a/1', 'its own');
    mqttClient(it).publish('a/2', 'kept', { retain: true }).publish('a/3', 'passing');
    expect(bridge.messages).toEqual(['a/2=kept', 'a/3=passing']);
    expect(bridge.received('publish').map(({ retain }) => retain)).toEqual([true, false]);
  });
});

describe('keeping alive', () => {
  test('a client silent for one and a half times its keep-alive is closed; one that pings is not [MQTT5-3.1.2-22] [MQTT-3.12.4-1]', () => {
    const it = newBroker();
    const silent = mqttClient(it, { keepalive: 10, protocolVersion: 5 });
    const alive = mqttClient(it, { keepalive: 10 });
    for (let i = 0; i < 5; i++) {
      it.clock.advance(4000);
      alive.send({ cmd: 'pingreq' });
    }
    expect(silent.last('disconnect')?.reasonCode).toBe(0x8d);
    expect(alive.isClosed).toBe(false);
    expect(alive.received('pingresp')).toHaveLength(5);
  });

  test('the broker gives MQTT 5 clients its own keep-alive where theirs is longer or none [MQTT5-3.2.2-21]', () => {
    const it = newBroker({ limits: { keepAliveSeconds: 60 } });
    const client = mqttClient(it, { keepalive: 0, protocolVersion: 5 });
    expect(client.last('connack')?.properties?.serverKeepAlive).toBe(60);
    it.clock.advance(92_000);
    expect(client.isClosed).toBe(true);
  });
});

describe('leaving', () => {
  test('the will is published when the link breaks, not when the client says good-bye [MQTT-3.1.2-8] [MQTT-3.14.4-3]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone/#');
    const will = (name: string) => ({ topic: `gone/${name}`, payload: 'yes', qos: 0 as const, retain: false });
    mqttClient(it, { clientId: 'a', will: will('a') }).drop();
    mqttClient(it, { clientId: 'b', will: will('b') }).send({ cmd: 'disconnect' });
    it.clock.turn();
    expect(watcher.messages).toEqual(['gone/a=yes']);
  });

  test('MQTT 5 may ask for its will in its good-bye [MQTT5 3.14.2.1]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const will = { topic: 'gone', payload: 'yes', qos: 0 as const, retain: false };
    mqttClient(it, { protocolVersion: 5, will }).send({ cmd: 'disconnect', reasonCode: 0x04 });
    it.clock.turn();
    expect(watcher.messages).toEqual(['gone=yes']);
  });

  test('a good-bye with a reason other than success keeps the will [MQTT5-3.1.2-10]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const will = { topic: 'gone', payload: 'yes', qos: 0 as const, retain: false };
    mqttClient(it, { protocolVersion: 5, will }).send({ cmd: 'disconnect', reasonCode: 0x80 });
    it.clock.turn();
    expect(watcher.messages).toEqual(['gone=yes']);
  });

  test('a session expiry in the good-bye is an error only where CONNECT asked for none [MQTT5 3.14.2.2.2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone/#');
    const leave = (topic: string, sessionExpiryInterval: number) => {
      const will = { topic, payload: 'yes', qos: 0 as const, retain: false };
      return mqttClient(it, { protocolVersion: 5, will, properties: { sessionExpiryInterval } }).send({
        cmd: 'disconnect',
        reasonCode: 0,
        properties: { sessionExpiryInterval: 60 },
      });
    };
    expect(leave('gone/1', 60).received('disconnect')).toEqual([]);
    expect(leave('gone/2', 0).last('disconnect')?.reasonCode).toBe(0x82);
    it.clock.turn();
    expect(watcher.messages).toEqual(['gone/2=yes']);
  });

  test('the will of a client without an id of its own is published under the id it was given', () => {
    const it = newBroker();
    mqttClient(it, { clientId: '', will: { topic: 'gone', payload: 'yes', qos: 0, retain: true } }).drop();
    expect(it.broker.retained.get('gone')?.publisher).toMatch(/^perch-/);
  });

  test('the expiry of a will counts from when it is published [MQTT5 3.1.3.2.4]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, { protocolVersion: 5 }).subscribe('gone');
    const properties = { messageExpiryInterval: 60 };
    const will = { topic: 'gone', payload: 'yes', qos: 0 as const, retain: true, properties };
    const client = mqttClient(it, { protocolVersion: 5, will });
    it.clock.advance(100_000);
    client.drop();
    expect(watcher.last('publish')?.properties?.messageExpiryInterval).toBe(60);
    expect(mqttClient(it).subscribe('gone').messages).toEqual(['gone=yes']);
  });

  test('a will that is not the UTF-8 that it says it is is refused with 0x99', () => {
    const properties = { payloadFormatIndicator: true };
    const will = { topic: 'a', payload: Buffer.from([0xc3, 0x28]), qos: 0 as const, retain: false, properties };
    const it = newBroker();
    expect(mqttClient(it, { protocolVersion: 5, will }).last('connack')?.reasonCode).toBe(0x99);
    const well = { ...will, payload: Buffer.from('ü') };
    expect(mqttClient(it, { protocolVersion: 5, will: well }).last('connack')?.reasonCode).toBe(0);
  });

  test('a will with a wildcard in its response topic is refused [MQTT5-3.3.2-14]', () => {
    const will = { topic: 'a', payload: '', qos: 0 as const, retain: false, properties: { responseTopic: 'b/#' } };
    expect(mqttClient(newBroker(), { protocolVersion: 5, will }).last('connack')?.reasonCode).toBe(0x82);
  });

  test('a will that may not be published is refused at CONNECT', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['own/%c'] }) });
    const will = { topic: 'other', payload: '', qos: 0 as const, retain: false };
    expect(mqttClient(it, { protocolVersion: 5, will }).last('connack')?.reasonCode).toBe(0x87);
  });

  test('a will is judged again when it is sent', () => {
    const it = newBroker({ policy: aPolicy({ access: 'sub' }, { validUntil: '2026-01-01T00:00:05Z' }) });
    const watcher = mqttClient(it).subscribe('gone');
    const client = mqttClient(it, { clientId: 'c', will: { topic: 'gone', payload: 'x', qos: 0, retain: false } });
    it.clock.advance(5000);
    client.drop();
    expect(watcher.messages).toEqual([]);
    expect(it.broker.counters.refusals['not-authorized']).toBe(1);
  });

  test('the broker going down tells MQTT 5 clients why', async () => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 });
    await it.broker.close();
    expect(client.last('disconnect')?.reasonCode).toBe(0x8b);
    expect(client.isClosed).toBe(true);
  });
});
