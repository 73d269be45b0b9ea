import type { IAuthPacket, IConnectPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import type { AuthenticationStep, Authenticator } from '../../ports/authenticator.js';
import { MemorySessionStore } from '../../ports/memory-session-store.js';
import { anyListener } from '../../listener-terms.js';
import { aPolicy, MqttClient, mqttClient, newBroker, type TestBroker } from '../../testing/index.js';

/** A method of its own: asked "who?", a client answers with its name; some names take their time, some are refused. */
class NameTag implements Authenticator {
  readonly waiting: (() => void)[] = [];
  begun = 0;

  authenticate() {
    return { accepted: true as const, username: 'plain' };
  }

  begin(method: string) {
    if (method !== 'name-tag') return null;
    this.begun++;
    let isAsked = false;
    return {
      step: (data: Buffer | null): AuthenticationStep | Promise<AuthenticationStep> => {
        if (!isAsked) {
          isAsked = true;
          return { state: 'continue', data: Buffer.from(`who? ${data?.toString() ?? '-'}`) };
        }
        return this.judge(data?.toString() ?? '');
      },
    };
  }

  private judge(name: string): AuthenticationStep | Promise<AuthenticationStep> {
    if (name === 'nobody') return { state: 'refused', refusal: 'bad-credentials' };
    if (name === 'broken') return Promise.reject(new Error('no database'));
    const step: AuthenticationStep = { state: 'accepted', username: name, data: Buffer.from(`hi ${name}`) };
    if (!name.startsWith('slow')) return step;
    return new Promise((resolve) => this.waiting.push(() => resolve(step)));
  }
}

function aDoor(rules = aPolicy({ topics: ['#'] })) {
  const authenticator = new NameTag();
  const it = newBroker({ authenticator, policy: rules });
  return { it, authenticator };
}

const properties = { authenticationMethod: 'name-tag' };

function client(it: TestBroker, options: Partial<IConnectPacket> = {}): MqttClient {
  return new MqttClient(it, { protocolVersion: 5, clientId: 'c1', properties, ...options }).connect();
}

function auth(data: string | null, reasonCode = 0x18, method: string | null = 'name-tag'): IAuthPacket {
  return {
    cmd: 'auth',
    reasonCode,
    properties: {
      ...(method !== null && { authenticationMethod: method }),
      ...(data !== null && { authenticationData: Buffer.from(data) }),
    },
  };
}

/** A client that has come in under this name. */
function named(it: TestBroker, name: string, options: Partial<IConnectPacket> = {}): MqttClient {
  return client(it, options).send(auth(name));
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

async function turned(it: TestBroker): Promise<void> {
  await settled();
  it.clock.turn();
}

describe('a client that names a method in its CONNECT', () => {
  test('is asked with AUTH 0x18, answers, and is let in with method and data [MQTT5-4.12.0-2] [MQTT5-4.12.0-5]', () => {
    const { it } = aDoor();
    const c = client(it, { properties: { ...properties, authenticationData: Buffer.from('hello') } });
    expect(c.packets).toMatchObject([
      { cmd: 'auth', reasonCode: 0x18, properties: { ...properties, authenticationData: Buffer.from('who? hello') } },
    ]);
    c.send(auth('alice'));
    expect(c.last('connack')).toMatchObject({
      reasonCode: 0,
      properties: { ...properties, authenticationData: Buffer.from('hi alice') },
    });
    expect(it.broker.sessions.get('c1')?.identity.username).toBe('alice');
    c.subscribe('a').publish('a', '1');
    expect(c.messages).toEqual(['a=1']);
  });

  test('gets AUTH without reason string and user properties, so these never make it too large [MQTT5-3.15.2-2] [MQTT5-3.15.2-3]', () => {
    const { it } = aDoor();
    const c = client(it).send(auth('alice')).send(auth(null, 0x19)).send(auth('bob'));
    const named = c
      .received('auth')
      .map(({ properties: { reasonString, userProperties } = {} }) => [reasonString, userProperties]);
    expect(named).toEqual(Array(3).fill([undefined, undefined]));
  });

  test('may say nothing with its CONNECT', () => {
    expect(client(aDoor().it).last('auth')?.properties?.authenticationData?.toString()).toBe('who? -');
  });

  test('is refused with 0x8C where the method is not known [MQTT5-4.12.0-1]', () => {
    for (const method of ['other', 'NAME-TAG', '']) {
      const { it } = aDoor();
      const c = client(it, { properties: { authenticationMethod: method } });
      expect(c.packets).toMatchObject([{ cmd: 'connack', reasonCode: 0x8c }]);
      expect(c.isClosed).toBe(true);
      expect(it.broker.counters.refusals['unsupported-authentication-method']).toBe(1);
    }
  });

  test('is refused with 0x8C where there is no enhanced authentication at all [MQTT5-4.12.0-1]', () => {
    const it = newBroker();
    expect(client(it).packets).toMatchObject([{ cmd: 'connack', reasonCode: 0x8c }]);
  });

  test('is told in the CONNACK when it fails, and closed [MQTT5-4.12.0-4]', () => {
    const { it } = aDoor();
    const c = named(it, 'nobody');
    expect(c.last('connack')).toMatchObject({ reasonCode: 0x86 });
    expect(c.last('connack')?.properties?.authenticationMethod).toBeUndefined();
    expect(c.isClosed).toBe(true);
    expect(it.broker.counters.refusals['bad-credentials']).toBe(1);
    expect(it.broker.sessions.size).toBe(0);
  });

  test('is told to come later when the authenticator is at fault', async () => {
    const { it } = aDoor();
    const c = named(it, 'broken');
    await turned(it);
    expect(c.last('connack')).toMatchObject({ reasonCode: 0x88 });
    expect(it.faults).toHaveLength(1);
  });

  test('is let in when the authenticator takes its time; what it sends meanwhile waits', async () => {
    const { it, authenticator } = aDoor();
    const c = named(it, 'slow');
    await turned(it);
    expect(c.last('connack')).toBeUndefined();
    authenticator.waiting[0]?.();
    await turned(it);
    expect(c.last('connack')).toMatchObject({ reasonCode: 0 });
    c.subscribe('a').publish('a', '1');
    expect(c.messages).toEqual(['a=1']);
  });

  test('that goes away meanwhile leaves no session behind', async () => {
    const { it, authenticator } = aDoor();
    const c = named(it, 'slow');
    c.drop();
    authenticator.waiting[0]?.();
    await turned(it);
    expect(it.broker.sessions.size).toBe(0);
    expect(it.faults).toEqual([]);
  });

  test.each(['subscribe', 'publish', 'pingreq', 'connect'] as const)(
    'must not send %s before the CONNACK [MQTT5-3.1.2-30]',
    (cmd) => {
      const { it } = aDoor();
      const c = client(it);
      if (cmd === 'subscribe') c.subscribe('a');
      else if (cmd === 'publish') c.publish('a', '1');
      else if (cmd === 'connect') c.connect();
      else c.send({ cmd });
      expect(c.last('connack')).toMatchObject({ reasonCode: 0x82 });
      expect(c.isClosed).toBe(true);
    },
  );

  test('must not set flags in AUTH [MQTT5-3.15.1-1]', () => {
    const c = client(aDoor().it).sendBytes(Buffer.from('f10d180b1500086e616d652d746167', 'hex'));
    expect(c.last('connack')).toMatchObject({ reasonCode: 0x81 });
    expect(c.isClosed).toBe(true);
  });

  test('may leave before the CONNACK [MQTT5-3.1.2-30]', () => {
    const { it } = aDoor();
    const c = client(it).send({ cmd: 'disconnect', reasonCode: 0 });
    expect(c.isClosed).toBe(true);
    expect(c.last('connack')).toBeUndefined();
    expect(it.broker.counters.refused).toBe(0);
  });

  test('must answer with 0x18 and the same method [MQTT5-3.15.2-1] [MQTT5-4.12.0-3] [MQTT5-4.12.0-5]', () => {
    const wrong = [auth('alice', 0x19), auth('alice', 0x18, 'other'), auth('alice', 0x18, null), auth('alice', 0)];
    for (const packet of wrong) {
      const c = client(aDoor().it).send(packet);
      expect(c.last('connack')).toMatchObject({ reasonCode: 0x82 });
      expect(c.isClosed).toBe(true);
    }
  });

  test('must not answer twice', async () => {
    const { it, authenticator } = aDoor();
    const c = client(it).send(auth('slow')).send(auth('alice'));
    await turned(it);
    authenticator.waiting[0]?.();
    await turned(it);
    expect(c.last('disconnect')).toMatchObject({ reasonCode: 0x82 });
    expect(it.broker.sessions.size).toBe(0);
  });

  test('that does not answer is closed in time', () => {
    const { it } = aDoor();
    const c = client(it);
    it.clock.advance(12_000);
    expect(c.isClosed).toBe(true);
    expect(it.broker.counters.refusals['connect-timeout']).toBe(1);
  });

  test('whose will it may not publish is refused', () => {
    const { it } = aDoor(aPolicy({ subject: 'username', value: 'alice', topics: ['#'] }));
    const will = { topic: 'w', payload: Buffer.from('x'), qos: 0 as const, retain: false };
    expect(named(it, 'bob', { will }).last('connack')).toMatchObject({ reasonCode: 0x87 });
  });

  test('takes no AUTH that is larger than it said [MQTT5-3.1.2-24]', () => {
    const { it } = aDoor();
    const c = client(it, { properties: { ...properties, maximumPacketSize: 20 } });
    expect(c.packets).toMatchObject([{ cmd: 'connack', reasonCode: 0x95 }]);
    expect(c.isClosed).toBe(true);
  });
});

describe('a client that names no method', () => {
  test('gets neither AUTH nor a method [MQTT5-4.12.0-6]', () => {
    const c = mqttClient(aDoor().it, { protocolVersion: 5 });
    expect(c.received('auth')).toEqual([]);
    expect(c.last('connack')?.properties).not.toHaveProperty('authenticationMethod');
  });

  test('must not send AUTH [MQTT5-4.12.0-7]', () => {
    for (const reasonCode of [0x18, 0x19]) {
      const c = mqttClient(aDoor().it, { protocolVersion: 5 }).send(auth('alice', reasonCode));
      expect(c.last('disconnect')).toMatchObject({ reasonCode: 0x82 });
      expect(c.isClosed).toBe(true);
    }
  });
});

describe('authenticating again', () => {
  const rules = aPolicy(
    { subject: 'username', value: 'alice', topics: ['a/#', 'both/#'] },
    { subject: 'username', value: 'slow', topics: ['a/#', 'both/#'] },
    { subject: 'username', value: 'bob', topics: ['b/#', 'both/#'] },
  );

  test('is answered with AUTH 0x00 and the method [MQTT5-4.12.1-1] [MQTT5-4.12.0-5]', () => {
    const { it } = aDoor(rules);
    const c = named(it, 'alice').send(auth('again', 0x19));
    expect(c.last('auth')).toMatchObject({
      reasonCode: 0x18,
      properties: { authenticationData: Buffer.from('who? again') },
    });
    c.send(auth('bob'));
    expect(c.last('auth')).toMatchObject({
      reasonCode: 0,
      properties: { ...properties, authenticationData: Buffer.from('hi bob') },
    });
    expect(c.isClosed).toBe(false);
  });

  test('puts the session under the rights of who it is now: what is lost goes, what is new may be had', () => {
    const { it } = aDoor(rules);
    const c = named(it, 'alice').subscribe('a/1').subscribe('both/1');
    c.send(auth(null, 0x19)).send(auth('bob'));
    expect(it.broker.sessions.get('c1')?.identity.username).toBe('bob');
    expect([...(it.broker.sessions.get('c1')?.subscriptions.keys() ?? [])]).toEqual(['both/1']);
    c.subscribe('b/1').publish('b/1', 'new').publish('both/1', 'kept').publish('a/1', 'lost');
    expect(c.messages).toEqual(['b/1=new', 'both/1=kept']);
  });

  test('is known wherever the client is: presence, and the session after a restart', async () => {
    const sessionStore = new MemorySessionStore();
    const it = newBroker({ authenticator: new NameTag(), policy: rules, sessionStore });
    const c = client(it, { properties: { ...properties, sessionExpiryInterval: 100 } }).send(auth('alice'));
    await turned(it);
    const { since } = it.broker.presence.get('c1') ?? {};
    it.clock.advance(5000);
    c.send(auth(null, 0x19)).send(auth('bob'));
    expect(it.broker.presence.get('c1')).toMatchObject({ online: true, username: 'bob', since });
    expect(it.broker.counters.connects).toBe(1);
    const next = newBroker({ authenticator: new NameTag(), policy: rules, sessionStore });
    await next.broker.start();
    expect(next.broker.sessions.get('c1')?.identity.username).toBe('bob');
  });

  test('as a user who has as many connections as may be ends the connection', () => {
    const authenticator = new NameTag();
    const it = newBroker({ authenticator, policy: rules, limits: { connectionsPerUser: 1 } });
    const bob = named(it, 'bob', { clientId: 'b' });
    const c = named(it, 'alice').send(auth(null, 0x19)).send(auth('alice')).send(auth(null, 0x19)).send(auth('bob'));
    expect(c.last('disconnect')).toMatchObject({ reasonCode: 0x97 });
    bob.drop();
    expect(named(it, 'alice').send(auth(null, 0x19)).send(auth('bob')).isClosed).toBe(false);
    expect(named(it, 'bob', { clientId: 'b' }).last('connack')).toMatchObject({ reasonCode: 0x97 });
    expect(named(it, 'alice', { clientId: 'b' }).last('connack')).toMatchObject({ reasonCode: 0 });
  });

  test('goes on beside everything else', async () => {
    const { it, authenticator } = aDoor(rules);
    const c = named(it, 'alice').subscribe('a/1').send(auth(null, 0x19)).publish('a/1', 'before').send(auth('slow'));
    c.publish('a/1', 'meanwhile');
    expect(c.messages).toEqual(['a/1=before', 'a/1=meanwhile']);
    authenticator.waiting[0]?.();
    await turned(it);
    expect(c.last('auth')).toMatchObject({ reasonCode: 0 });
    c.publish('a/1', 'after');
    expect(c.messages).toHaveLength(3);
  });

  test('that fails ends the connection with 0x87 [MQTT5-4.12.1-2]', () => {
    const { it } = aDoor(rules);
    const c = named(it, 'alice').send(auth(null, 0x19)).send(auth('nobody'));
    expect(c.last('disconnect')).toMatchObject({ reasonCode: 0x87 });
    expect(c.isClosed).toBe(true);
    expect(it.broker.counters.refusals['bad-credentials']).toBe(1);
  });

  test('by another method, or by none, is a protocol error [MQTT5-4.12.1-1]', () => {
    for (const method of ['other', null]) {
      const c = named(aDoor(rules).it, 'alice').send(auth(null, 0x19, method));
      expect(c.last('disconnect')).toMatchObject({ reasonCode: 0x82 });
      expect(c.isClosed).toBe(true);
    }
  });

  test('is begun once, and answered only when asked', () => {
    for (const codes of [[0x18], [0x19, 0x19]]) {
      const c = named(aDoor(rules).it, 'alice');
      for (const code of codes) c.send(auth(null, code));
      expect(c.last('disconnect')).toMatchObject({ reasonCode: 0x82 });
    }
  });

  test('can be done any number of times', () => {
    const { it, authenticator } = aDoor(rules);
    const c = named(it, 'alice');
    for (const name of ['bob', 'alice', 'bob']) c.send(auth(null, 0x19)).send(auth(name));
    expect(it.broker.sessions.get('c1')?.identity.username).toBe('bob');
    expect(authenticator.begun).toBe(4);
  });

  test('that is underway when the connection ends is for nobody', async () => {
    const { it, authenticator } = aDoor(rules);
    const c = named(it, 'alice').send(auth(null, 0x19)).send(auth('slow'));
    c.drop();
    authenticator.waiting[0]?.();
    await turned(it);
    expect(it.faults).toEqual([]);
  });
});

test('where a certificate says who a client is, it can prove to be nobody else, neither at first nor later', () => {
  const { it } = aDoor();
  const device = (name: string) =>
    new MqttClient(it, {
      protocolVersion: 5,
      clientId: name,
      properties,
      certificateName: 'pump-7',
      terms: { ...anyListener, certificateAs: 'username' },
    })
      .connect()
      .send(auth(name));
  const another = device('pump-8');
  expect(another.last('connack')?.reasonCode).toBe(0x86);
  expect(another.isClosed).toBe(true);
  const itself = device('pump-7');
  expect(itself.last('connack')?.reasonCode).toBe(0);
  itself.send(auth(null, 0x19)).send(auth('pump-8'));
  expect(itself.last('disconnect')?.reasonCode).toBe(0x87);
});
