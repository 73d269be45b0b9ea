import { describe, expect, test } from 'vitest';
import type { Authenticator, Principal } from '../ports/authenticator.js';
import { MemorySessionStore } from '../ports/memory-session-store.js';
import { aPolicy, aRule, jsonClient, mqttClient, newBroker, type TestBroker } from '../testing/index.js';

/** Lets everybody in on the terms of their user name; by AUTH, on those of what they say next. */
class Doorman implements Authenticator {
  constructor(private readonly terms: Record<string, Omit<Principal, 'username'>>) {}

  authenticate({ username }: { readonly username: string | null }) {
    return { accepted: true as const, username, ...this.terms[username ?? ''] };
  }

  begin() {
    return {
      step: (data: Buffer | null) => {
        const username = data?.toString() ?? '';
        return { state: 'accepted' as const, username, data: null, ...this.terms[username] };
      },
    };
  }
}

const START = Date.parse('2026-01-01T00:00:00Z');
const as = (clientId: string, username: string) => ({ clientId, username, password: Buffer.from('x') });

describe('a connection that is valid until a moment', () => {
  const open = () => newBroker({ authenticator: new Doorman({ guest: { validUntil: START + 5000 } }) });

  test('ends at that moment and is told why, as far as its protocol can; nobody else notices [MQTT5 3.14.2.1]', () => {
    const it = open();
    const v5 = mqttClient(it, { ...as('a', 'guest'), protocolVersion: 5 });
    const v3 = mqttClient(it, as('b', 'guest'));
    const json = jsonClient(it, { clientId: 'c', username: 'guest' });
    const other = mqttClient(it, as('d', 'resident')).subscribe('#');
    it.clock.advance(4999);
    expect([v5.isClosed, v3.isClosed, json.isClosed]).toEqual([false, false, false]);
    it.clock.advance(1);
    expect(v5.last('disconnect')).toMatchObject({ reasonCode: 0xa0 });
    expect([v5.isClosed, v3.isClosed, json.closedWith?.code]).toEqual([true, true, 4401]);
    expect(it.broker.counters.refusals['authorization-expired']).toBe(3);
    expect(other.publish('x', '1').messages).toEqual(['x=1']);
  });

  test('is not opened any more when the moment has passed', () => {
    const it = open();
    it.clock.advance(5000);
    const v5 = mqttClient(it, { ...as('a', 'guest'), protocolVersion: 5 });
    expect(v5.last('connack')).toMatchObject({ reasonCode: 0x87 });
    expect(mqttClient(it, as('b', 'guest')).last('connack')).toMatchObject({ returnCode: 5 });
    const json = jsonClient(it, { clientId: 'c', username: 'guest' });
    expect(json.last('result')).toMatchObject({ ok: false, error: { code: 'not-authorized' } });
  });

  test('that was taken over by one without an end, or has ended, ends nobody', () => {
    const it = open();
    mqttClient(it, as('a', 'guest'));
    mqttClient(it, as('b', 'guest')).drop();
    const after = [mqttClient(it, as('a', 'resident')), mqttClient(it, as('b', 'resident'))];
    it.clock.advance(10_000);
    expect(after.map(({ isClosed }) => isClosed)).toEqual([false, false]);
  });

  test('goes on when the client proves itself anew in time', () => {
    const it = newBroker({
      authenticator: new Doorman({ short: { validUntil: START + 5000 }, long: { validUntil: START + 9000 } }),
    });
    const properties = { authenticationMethod: 'name', authenticationData: Buffer.from('short') };
    const client = mqttClient(it, { clientId: 'a', protocolVersion: 5, properties });
    it.clock.advance(4000);
    client.send({
      cmd: 'auth',
      reasonCode: 0x19,
      properties: { ...properties, authenticationData: Buffer.from('long') },
    });
    it.clock.advance(4999);
    expect(client.isClosed).toBe(false);
    it.clock.advance(1);
    expect(client.last('disconnect')).toMatchObject({ reasonCode: 0xa0 });
  });
});

describe('a user’s own limit of connections', () => {
  const open = () => newBroker({ authenticator: new Doorman({ pump: { connectionLimit: 2 } }) });

  test('refuses further ones, counts those of all protocols, and is nobody else’s', () => {
    const it = open();
    const first = mqttClient(it, as('a', 'pump'));
    jsonClient(it, { clientId: 'b', username: 'pump' });
    const third = mqttClient(it, { ...as('c', 'pump'), protocolVersion: 5 });
    expect(third.last('connack')).toMatchObject({ reasonCode: 0x97 });
    expect(mqttClient(it, as('d', 'valve')).last('connack')).toMatchObject({ returnCode: 0 });
    first.drop();
    expect(mqttClient(it, as('e', 'pump')).last('connack')).toMatchObject({ returnCode: 0 });
  });

  test('goes with the authenticator that vouches for the name, also when that becomes another one', () => {
    const it = newBroker({
      authenticator: new Doorman({ pump: { connectionLimit: 1, authenticator: 'users' } }),
    });
    const another = { authenticationMethod: 'name', authenticationData: Buffer.from('pump') };
    const renamed = mqttClient(it, { clientId: 'a', protocolVersion: 5, properties: another });
    expect(mqttClient(it, as('b', 'pump')).last('connack')).toMatchObject({ returnCode: 3 });
    const session = it.broker.sessions.get('a')!;
    it.broker.access.reauthenticated(session, { username: 'pump', authenticator: 'jwt' });
    expect(it.broker.presence.get('a')).toMatchObject({ username: 'pump', authenticator: 'jwt' });
    expect(mqttClient(it, as('b', 'pump')).last('connack')).toMatchObject({ returnCode: 0 });
    expect(
      it.broker.sessions.mayBecome(session, { username: 'pump', authenticator: 'users', connectionLimit: 1 }),
    ).toBe(false);
    renamed.drop();
    expect(mqttClient(it, as('c', 'pump')).last('connack')).toMatchObject({ returnCode: 3 });
  });

  test('is nothing that a client takes up who is away, whoever it turns out to be', () => {
    const it = newBroker({ authenticator: new Doorman({ pump: { connectionLimit: 1, authenticator: 'users' } }) });
    mqttClient(it, { ...as('a', 'of-old'), clean: false }).drop();
    it.broker.access.reauthenticated(it.broker.sessions.get('a')!, { username: 'pump', authenticator: 'users' });
    expect(it.broker.presence.get('a')?.online).toBe(false);
    expect(mqttClient(it, as('b', 'pump')).last('connack')).toMatchObject({ returnCode: 0 });
  });

  test('lets a client take over its own connection', () => {
    const it = open();
    mqttClient(it, as('a', 'pump'));
    for (let i = 0; i < 3; i++)
      expect(mqttClient(it, as('b', 'pump')).last('connack')).toMatchObject({ returnCode: 0 });
  });
});

const byLabel = () =>
  aPolicy(
    { subject: 'label', value: 'press', topics: ['press'] },
    { subject: 'label', value: 'oven', topics: ['oven'] },
    { topics: ['free'] },
  );

function relabel({ broker }: TestBroker, clientId: string, labels: string[], own: Principal['own'] = null) {
  return broker.access.reauthenticated(broker.sessions.get(clientId)!, { username: 'pump', labels, own });
}

describe('the labels of a user', () => {
  test('are what its clients are judged by, and a change reaches those online and offline before it returns', () => {
    const it = newBroker({ authenticator: new Doorman({ pump: { labels: ['press', 'oven'] } }), policy: byLabel() });
    const online = mqttClient(it, as('a', 'pump')).subscribe('press', { qos: 1 }).subscribe('oven', { qos: 1 });
    const offline = mqttClient(it, { ...as('b', 'pump'), clean: false }).subscribe('press', { qos: 1 });
    const other = mqttClient(it, as('c', 'valve')).subscribe('press', { qos: 1 });
    offline.drop();
    expect(other.last('suback')?.granted).toEqual([128]);
    const losses = ['a', 'b'].flatMap((id) => relabel(it, id, ['oven']));
    expect(losses.map(({ clientId, topic }) => [clientId, topic])).toEqual([
      ['a', 'press'],
      ['b', 'press'],
    ]);
    expect([...(it.broker.sessions.get('a')?.subscriptions.keys() ?? [])]).toEqual(['oven']);
    expect(it.broker.sessions.get('b')?.subscriptions.size).toBe(0);
    expect(online.isClosed).toBe(false);
  });

  test('and its own rules are kept with a durable session, so that it is judged by them after a restart', async () => {
    const sessionStore = new MemorySessionStore();
    const own = { rules: [aRule({ id: 'own', topics: ['mine'] })], place: 'before' as const };
    const authenticator = new Doorman({ pump: { labels: ['press'], own } });
    const before = newBroker({ authenticator, sessionStore, policy: byLabel() });
    mqttClient(before, { ...as('a', 'pump'), clean: false }).subscribe('press', { qos: 1 });
    relabel(before, 'a', ['press', 'new'], own);
    const after = newBroker({ authenticator, sessionStore, policy: byLabel() });
    await after.broker.start();
    const session = after.broker.sessions.get('a');
    expect(session?.identity).toMatchObject({ labels: ['press', 'new'] });
    expect(session?.options.own).toEqual(own);
    expect([...(session?.subscriptions.keys() ?? [])]).toEqual(['press']);
  });
});
