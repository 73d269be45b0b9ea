import { MemorySessionStore } from '../ports/memory-session-store.js';
import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker } from '../testing/index.js';

const TOPIC = '$SYS/broker/connection/clients/';

describe('presence', () => {
  test('a connect and a disconnect are published with the three fields first', () => {
    const it = newBroker();
    const watcher = mqttClient(it, { clientId: 'watcher' }).subscribe(`${TOPIC}client001`);
    mqttClient(it, { clientId: 'client001', username: 'ana' }).send({ cmd: 'disconnect' });
    const [online, offline] = watcher.messages.map((message) => message.slice(`${TOPIC}client001=`.length));
    expect(online).toMatch(/^\{"clientID":"client001","online":true,"timestamp":"2026-01-01T00:00:00Z","seq":\d+/);
    expect(offline).toMatch(/^\{"clientID":"client001","online":false,"timestamp":"2026-01-01T00:00:00Z","seq":\d+/);
    expect(JSON.parse(offline!)).toMatchObject({ reason: 'client-disconnected', username: 'ana', durationMs: 0 });
  });

  test('the sequence rises by one per event, so that a watcher sees a gap', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe(`${TOPIC}+`, { rh: 2 });
    for (let i = 0; i < 3; i++) mqttClient(it).drop();
    const seqs = watcher
      .received('publish')
      .slice(-6)
      .map(({ payload }) => (JSON.parse(payload.toString()) as { seq: number }).seq);
    expect(seqs.map((seq) => seq - seqs[0]!)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a new watcher gets everyone that is known, as retained', () => {
    const it = newBroker();
    mqttClient(it, { clientId: 'here' });
    mqttClient(it, { clientId: 'gone' }).drop();
    const watcher = mqttClient(it, { clientId: 'watcher' }).subscribe(`${TOPIC}+`);
    const known = Object.fromEntries(
      watcher.received('publish').map(({ payload }) => {
        const entry = JSON.parse(payload.toString()) as { clientID: string; online: boolean };
        return [entry.clientID, entry.online];
      }),
    );
    expect(known).toEqual({ here: true, gone: false, watcher: true });
    expect(watcher.received('publish').every(({ retain }) => retain)).toBe(true);
    const one = mqttClient(it, { clientId: 'other' }).subscribe(`${TOPIC}gone`);
    expect(one.messages).toHaveLength(1);
  });

  test('an answer that has to wait never comes after a newer event', () => {
    const it = newBroker();
    const pump = mqttClient(it, { clientId: 'pump' });
    const watcher = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    watcher.subscribe('busy', { qos: 1 });
    mqttClient(it).publish('busy', '', { qos: 1 });
    watcher.subscribe(`${TOPIC}pump`);
    pump.drop();
    watcher.send({ cmd: 'puback', messageId: 1 });
    const events = watcher.received('publish').slice(1);
    expect(events.map(({ payload }) => (JSON.parse(payload.toString()) as { online: boolean }).online)).toEqual([
      false,
    ]);
  });

  test('a client id that cannot be one level of a topic is percent-encoded there, and whole in the payload', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe(`${TOPIC}+`, { rh: 2 });
    mqttClient(it, { clientId: 'plant/1#+%' });
    const { topic, payload } = watcher.last('publish')!;
    expect(topic).toBe(`${TOPIC}plant%2F1%23%2B%25`);
    expect(JSON.parse(payload.toString())).toMatchObject({ clientID: 'plant/1#+%' });
    const exact = mqttClient(it).subscribe(topic);
    expect(exact.messages).toHaveLength(1);
  });

  test('reading it is subject to the policy', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['#'] }) });
    const watcher = mqttClient(it).subscribe(`${TOPIC}+`).subscribe('#');
    mqttClient(it);
    expect(watcher.received('suback').map(({ granted }) => granted)).toEqual([[0x80], [0]]);
    expect(watcher.messages).toEqual([]);
  });

  test('reaches whoever is subscribed at that moment, alone or in a group', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('$SYS/broker/connection/clients/a');
    mqttClient(it, { clientId: 'a' }).drop();
    expect(watcher.messages).toHaveLength(2);
    watcher.unsubscribe('$SYS/broker/connection/clients/a');
    expect(it.broker.subscriptions.reachesSystem).toBe(false);
    mqttClient(it, { clientId: 'a' });
    expect(watcher.messages).toHaveLength(2);
    const member = mqttClient(it).subscribe('$share/g/$SYS/broker/connection/clients/+');
    expect(it.broker.subscriptions.reachesSystem).toBe(true);
    const before = member.messages.length;
    mqttClient(it, { clientId: 'b' });
    expect(member.messages.slice(before)).toHaveLength(1);
    member.drop();
    expect(it.broker.subscriptions.reachesSystem).toBe(false);
  });

  test('what an earlier run knew is offline until it comes back', () => {
    const it = newBroker();
    const entry = {
      since: 5,
      seq: 9,
      username: null,
      authenticator: null,
      address: null,
      protocol: 'mqtt5',
      node: 'n',
      connectedForMs: null,
    };
    const { presence } = it.broker;
    presence.restore([{ ...entry, clientId: 'old', online: true, reason: null }]);
    expect(presence.get('old')).toMatchObject({ online: false, hasSession: false, since: 5 });
    presence.sessionRestored('old');
    expect([presence.onlineCount, presence.offlineCount, presence.goneCount]).toEqual([0, 1, 0]);
    mqttClient(it, { clientId: 'old' });
    expect([presence.onlineCount, presence.offlineCount, presence.goneCount]).toEqual([1, 0, 0]);
  });

  test('who is away is offline while a session is kept for it, and gone from then on, which is announced', () => {
    const it = newBroker();
    const { presence } = it.broker;
    const counts = () => [presence.onlineCount, presence.offlineCount, presence.goneCount];
    mqttClient(it, { clientId: 'passing' }).drop();
    expect([counts(), presence.get('passing')?.hasSession]).toEqual([[0, 0, 1], false]);
    const kept = { clientId: 'kept', protocolVersion: 5, properties: { sessionExpiryInterval: 60 } } as const;
    mqttClient(it, kept).drop();
    expect(counts()).toEqual([0, 1, 1]);
    const watcher = mqttClient(it, { clientId: 'watcher' }).subscribe('$SYS/broker/connection/clients/kept');
    const [, payload] = watcher.messages[0]!.split('=') as [string, string];
    expect(JSON.parse(payload)).toMatchObject({ online: false, session: true });
    const { seq } = presence;
    it.clock.advance(60_000);
    expect(counts()).toEqual([1, 0, 2]);
    const ended = JSON.parse(watcher.messages[1]!.split('=')[1]!) as object;
    expect(ended).toMatchObject({ online: false, session: false, seq: seq + 1 });
    mqttClient(it, kept);
    expect(counts()).toEqual([2, 0, 1]);
  });

  test('whose session is restored is offline, not gone', async () => {
    const sessionStore = new MemorySessionStore();
    const before = newBroker({ sessionStore });
    await before.broker.start();
    const kept = { clientId: 'kept', protocolVersion: 5, properties: { sessionExpiryInterval: 60 } } as const;
    mqttClient(before, kept).drop();
    mqttClient(before, { clientId: 'passing' }).drop();
    const known = [...before.broker.presence.list()];
    const { broker } = newBroker({ sessionStore });
    broker.presence.restore(known);
    await broker.start();
    expect([broker.presence.offlineCount, broker.presence.goneCount]).toEqual([1, 1]);
    expect(broker.presence.get('kept')).toMatchObject({ online: false, hasSession: true });
  });

  test('the client gone longest is forgotten at the bound', () => {
    const forgotten: string[] = [];
    const it = newBroker({ limits: { offlineClients: 2 }, forgotten: (clientId) => forgotten.push(clientId) });
    for (const clientId of ['a', 'b', 'c']) mqttClient(it, { clientId }).drop();
    expect(forgotten).toEqual(['a']);
    expect(it.broker.presence.get('a')).toBeUndefined();
  });
});

describe('statistics', () => {
  test('are there by the names that are known, and come again only when they have changed', async () => {
    const it = newBroker({ version: '1.2.3' });
    await it.broker.start();
    const watcher = mqttClient(it).subscribe('$SYS/broker/version').subscribe('$SYS/broker/clients/connected');
    expect(watcher.messages).toEqual(['$SYS/broker/version=perch version 1.2.3', '$SYS/broker/clients/connected=0']);
    it.clock.advance(10_000);
    expect(watcher.messages.slice(2)).toEqual(['$SYS/broker/clients/connected=1']);
    it.clock.advance(20_000);
    expect(watcher.messages).toHaveLength(3);
    mqttClient(it);
    it.clock.advance(10_000);
    expect(watcher.messages.slice(3)).toEqual(['$SYS/broker/clients/connected=2']);
  });

  test('load averages follow the rate per minute', async () => {
    const it = newBroker();
    await it.broker.start();
    for (let i = 0; i < 60; i++) {
      mqttClient(it);
      it.clock.advance(10_000);
    }
    const watcher = mqttClient(it).subscribe('$SYS/broker/load/connections/1min');
    expect(Number(watcher.messages[0]!.split('=')[1])).toBeCloseTo(6, 0);
  });
});
