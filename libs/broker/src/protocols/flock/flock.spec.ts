import { describe, expect, test } from 'vitest';
import type { Authentication, Credentials } from '../../ports/authenticator.js';
import { aPolicy, mqttClient, newBroker, type TestBroker } from '../../testing/index.js';
import { MessagePeer } from '../../testing/message-peer.js';
import { settle } from '../../testing/settle.js';
import { acceptFlock, type FlockVisit } from './flock-connection.js';

const connect = (it: TestBroker, visit: FlockVisit = {}) =>
  new MessagePeer(it, (link) => acceptFlock(it.broker, link, visit));

const subscribe = (topic: string, id: string | number = 1) =>
  JSON.stringify({ type: 'Subscribe', topic, request_id: id });
const yes = (topic: string, id: string | number = 1) =>
  `{"type":"response","topic":${JSON.stringify(topic)},"subscribed":true,"request_id":${JSON.stringify(id)}}`;
const no = (topic: string, error?: string, id: string | number | null = 1) =>
  JSON.stringify({ type: 'response', topic, subscribed: false, request_id: id, error });

const joy = { username: 'joy', password: Buffer.from('secret') };

/** Lets in `joy`, and nobody who shows nothing. */
function withUsers() {
  const shown: Credentials[] = [];
  const authenticate = (credentials: Credentials): Authentication => {
    shown.push(credentials);
    if (credentials.password?.toString() === 'secret') return { accepted: true, username: credentials.username };
    return { accepted: false, refusal: credentials.password ? 'bad-credentials' : 'not-authorized' };
  };
  return { shown, authenticator: { authenticate } };
}

describe('messages', () => {
  test('a subscription is answered byte for byte, and brings what is published over MQTT', () => {
    const it = newBroker();
    const client = connect(it).sendText('{"type":"Subscribe","topic":"a/b","request_id":"7f"}');
    expect(client.take()).toEqual(['{"type":"response","topic":"a/b","subscribed":true,"request_id":"7f"}']);
    mqttClient(it).publish('a/b', '{"t": 21.50, "n":[1,null]}').publish('a/b', '"text"').publish('a/b', '1e400');
    expect(client.take()).toEqual([
      '{"type":"event","topic":"a/b","payload":{"t": 21.50, "n":[1,null]}}',
      '{"type":"event","topic":"a/b","payload":"text"}',
      '{"type":"event","topic":"a/b","payload":1e400}',
    ]);
    client.sendText('{"type":"Unsubscribe","topic":"a/b","request_id":8}');
    mqttClient(it).publish('a/b', '1');
    expect(client.take()).toEqual(['{"type":"response","topic":"a/b","subscribed":false,"request_id":8}']);
  });

  test('what is no JSON comes as a string that says of what', () => {
    const it = newBroker();
    const client = connect(it).sendText(subscribe('#'));
    const device = mqttClient(it).publish('a', 'on "and" well');
    device.send({ cmd: 'publish', topic: 'b', payload: Buffer.from('ff00', 'hex'), qos: 0, dup: false, retain: false });
    device.publish('c', '');
    expect(client.take().slice(1)).toEqual([
      '{"type":"event","topic":"a","payload":"on \\"and\\" well","encoding":"utf8"}',
      '{"type":"event","topic":"b","payload":"/wA=","encoding":"base64"}',
      '{"type":"event","topic":"c","payload":"","encoding":"utf8"}',
    ]);
  });

  test('wildcards are filters, and a retained message follows its new subscription, once', () => {
    const it = newBroker();
    mqttClient(it).publish('plant/1/state', '1', { retain: true });
    const client = connect(it).sendText(subscribe('plant/+/state')).sendText(subscribe('plant/+/state', 2));
    expect(client.take()).toEqual([
      yes('plant/+/state'),
      '{"type":"event","topic":"plant/1/state","payload":1}',
      yes('plant/+/state', 2),
    ]);
  });

  test('a ping is answered by a control frame', () => {
    expect(connect(newBroker()).sendText('{"type":"Ping"}').take()).toEqual(['pong']);
  });

  test.each([
    ['{', 'Not a JSON object.'],
    ['[]', 'Not a JSON object.'],
    ['{"type":"subscribe","topic":"a"}', 'The type is none of Subscribe, Unsubscribe, Authenticate, Ping.'],
    ['{"topic":"a"}', 'The type is none of Subscribe, Unsubscribe, Authenticate, Ping.'],
    ['{"type":"Subscribe","request_id":1}', 'The topic is not a string.'],
    ['{"type":"Subscribe","topic":"a","request_id":{}}', 'The request_id is neither a string nor a number.'],
    ['{"type":"Authenticate"}', 'It takes a token, or username and password.'],
  ])('%s closes the connection with 1007: %s', (text, reason) => {
    const it = newBroker();
    const client = connect(it).sendText(text);
    expect(client.closedWith).toEqual({ code: 1007, reason });
    expect(it.broker.counters.refusals['malformed-packet']).toBe(1);
  });

  test('so does a binary message', () => {
    expect(connect(newBroker()).sendBinary('7b7d').closedWith).toEqual({ code: 1007, reason: 'Messages are text.' });
  });

  test('a filter that is none is refused, and the connection stays', () => {
    const client = connect(newBroker()).sendText(subscribe('a/#/b')).sendText(subscribe('a'));
    expect(client.take()).toEqual([no('a/#/b', 'Not a valid topic filter'), yes('a')]);
  });

  test('the bound of subscriptions is told', () => {
    const it = newBroker({ limits: { subscriptionsPerSession: 1 } });
    const client = connect(it).sendText(subscribe('a')).sendText(subscribe('b'));
    expect(client.take()).toEqual([yes('a'), no('b', 'A limit of the broker is reached')]);
  });
});

describe('who it is', () => {
  test('what is shown with the upgrade lets it in, and presence knows it', () => {
    const { shown, authenticator } = withUsers();
    const it = newBroker({ authenticator });
    const client = connect(it, { shown: joy }).sendText(subscribe('a'));
    expect(client.take()).toEqual([yes('a')]);
    expect(shown).toMatchObject([
      { username: 'joy', protocol: 'flock', clientId: expect.stringMatching(/^flock-/) as string },
    ]);
    const [session] = it.broker.sessions;
    expect(it.broker.presence.get(session?.clientId ?? '')).toMatchObject({ username: 'joy', protocol: 'flock' });
  });

  test('what is wrong there costs the connection', () => {
    const it = newBroker(withUsers());
    const client = connect(it, { shown: { ...joy, password: Buffer.from('guess') } }).sendText(subscribe('a'));
    expect(client.take()).toEqual([no('a', 'Forbidden')]);
    expect(client.closedWith).toEqual({ code: 1008, reason: 'Forbidden' });
  });

  test('who shows nothing is refused where that is not allowed, and may authenticate then', () => {
    const it = newBroker(withUsers());
    const client = connect(it).sendText(subscribe('a'));
    client
      .sendText('{"type":"Authenticate","username":"joy","password":"secret","request_id":2}')
      .sendText(subscribe('a', 3));
    client.sendText('{"type":"Authenticate","token":"guess"}');
    expect(client.take()).toEqual([
      no('a', 'Forbidden'),
      '{"type":"response","authenticated":true,"request_id":2}',
      yes('a', 3),
      '{"type":"response","authenticated":false,"request_id":null,"error":"Forbidden"}',
    ]);
  });

  test('who says nothing is let in or closed', () => {
    const it = newBroker();
    const house = newBroker(withUsers());
    const [guest, stranger] = [connect(it), connect(house)];
    for (const { clock } of [it, house]) clock.advance(12_000);
    expect([guest.isClosed, stranger.closedWith?.code]).toEqual([false, 1008]);
  });
});

describe('live', () => {
  test('rules refuse, and a change of them is told', () => {
    const it = newBroker({ policy: aPolicy({ effect: 'deny', topics: ['secret/#'] }, {}) });
    const client = connect(it).sendText(subscribe('secret/1')).sendText(subscribe('a')).sendText(subscribe('b'));
    expect(client.take()).toEqual([no('secret/1', 'Forbidden'), yes('a'), yes('b')]);
    it.broker.setPolicy(aPolicy({ topics: ['b'] }));
    it.clock.turn();
    expect(client.take()).toEqual([no('a', 'Forbidden', null)]);
    it.broker.setPolicy(aPolicy(), { disconnect: true });
    it.clock.turn();
    expect(client.closedWith?.code).toBe(1008);
  });

  test('an authorizer is asked, and waited for', async () => {
    const authorizer = { ask: () => Promise.resolve({ allowed: true, validUntil: null }) };
    const it = newBroker({ policy: aPolicy(), authorizer });
    const client = connect(it).sendText(subscribe('a')).sendText('{"type":"Ping"}');
    await settle(it);
    expect(client.take()).toEqual([yes('a'), 'pong']);
  });

  test('nothing for half a minute ends it in order; a ping is something', () => {
    const it = newBroker();
    const client = connect(it).sendText(subscribe('a'));
    for (let i = 0; i < 5; i++) {
      it.clock.advance(20_000);
      client.sendText('{"type":"Ping"}');
    }
    expect(client.isClosed).toBe(false);
    it.clock.advance(50_000);
    expect(client.closedWith).toEqual({ code: 1000, reason: 'ping timeout' });
  });
});
