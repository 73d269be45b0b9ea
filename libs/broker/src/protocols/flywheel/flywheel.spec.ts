import { describe, expect, test } from 'vitest';
import type { Authentication, Credentials } from '../../ports/authenticator.js';
import { aPolicy, mqttClient, newBroker, type TestBroker } from '../../testing/index.js';
import { MessagePeer, type MessagePeerOptions } from '../../testing/message-peer.js';
import { settle } from '../../testing/settle.js';
import { acceptFlywheel, type FlywheelTerms, type FlywheelVisit, usualFlywheelTerms } from './flywheel-connection.js';

const ZERO = '00000000-0000-0000-0000-000000000000';

function connect(it: TestBroker, visit: FlywheelVisit = {}, options: MessagePeerOptions = {}): MessagePeer {
  return new MessagePeer(it, (link) => acceptFlywheel(it.broker, link, visit), options);
}

/** A client that has bound with this, its answer taken. */
function bound(it: TestBroker, bind: object = {}, visit: FlywheelVisit = {}): MessagePeer {
  const client = connect(it, visit).sendText(`B ${JSON.stringify(bind)}`);
  expect(client.take()).toEqual([response([], (bind as { messageId?: string }).messageId)]);
  return client;
}

function response(errors: readonly object[], messageId = ZERO): string {
  return `B ${JSON.stringify({ type: 'BindResponse', errors, messageId })}`;
}

const general = (description: string) => ({ type: 'General', description });
const refused = (topic: string, description = 'Forbidden') => ({ type: 'TopicAccess', description, topic });
const errorsTo = (id: string, ...errors: object[]) => `R $remote/${id}/rx/errors ${JSON.stringify({ errors })}`;

/** Lets in who has these names and passwords, or this token; others only where nothing is shown and that is allowed. */
function withUsers({ anonymous = true } = {}) {
  const shown: Credentials[] = [];
  const authenticate = (credentials: Credentials): Authentication => {
    shown.push(credentials);
    const { username, password } = credentials;
    const secret = password?.toString() ?? null;
    if (username === null && secret === null)
      return anonymous ? { accepted: true, username: null } : { accepted: false, refusal: 'not-authorized' };
    if (secret === 'token-of-ann') return { accepted: true, username: 'ann' };
    return secret === 'secret' ? { accepted: true, username } : { accepted: false, refusal: 'bad-credentials' };
  };
  return { shown, authenticator: { authenticate } };
}

describe('messages', () => {
  test('an empty bind is answered byte for byte, and any message id comes back', () => {
    const client = connect(newBroker()).sendText('B {}').sendText('B {"messageId":"any string"}');
    expect(client.heard).toEqual([
      `B {"type":"BindResponse","errors":[],"messageId":"${ZERO}"}`,
      'B {"type":"BindResponse","errors":[],"messageId":"any string"}',
    ]);
    expect(connect(newBroker()).sendText('B {"sessionId":null,"auth":null,"subscribe":null,"type":"x"}').heard).toEqual(
      [response([])],
    );
  });

  test('text reaches MQTT and comes back to its publisher; MQTT reaches it', () => {
    const it = newBroker();
    const device = mqttClient(it).subscribe('a/#');
    const client = bound(it, { subscribe: ['a/+'] }).sendText('P a/b hello  world ');
    expect(client.take()).toEqual(['R a/b hello  world ']);
    expect(device.messages).toEqual(['a/b=hello  world ']);
    device.publish('a/c', '');
    expect(client.take()).toEqual(['R a/c ']);
    device.publish('a', 'the parent level is matched by a/#, not by a/+');
    expect(client.take()).toEqual([]);
  });

  test('what is published in a binary frame is sent in one; so is what is not text, and a topic with a space', () => {
    const it = newBroker();
    const device = mqttClient(it).subscribe('#');
    const client = bound(it, { subscribe: ['#'] });
    client.sendBinary('20 0003 612f62 68 69'); // a/b, hi
    expect(client.take()).toEqual(['binary 300003612f626869']);
    expect(device.messages).toEqual(['a/b=hi']);
    client.sendBinary('20 0001 61');
    expect(client.take()).toEqual(['binary 30000161']);
    device.send({ cmd: 'publish', topic: 'b', payload: Buffer.from('ff00', 'hex'), qos: 0, dup: false, retain: false });
    device.publish('a b', 'x');
    expect(client.take()).toEqual(['binary 300001' + '62' + 'ff00', 'binary 3000' + '03612062' + '78']);
  });

  test('a frame larger than 65,535 bytes passes', () => {
    const it = newBroker();
    const payload = 'x'.repeat(100_000);
    expect(
      bound(it, { subscribe: ['a'] })
        .sendText(`P a ${payload}`)
        .take(),
    ).toEqual([`R a ${payload}`]);
  });

  test('retained messages come after the answer to the bind that subscribes', () => {
    const it = newBroker();
    mqttClient(it).publish('kept', '1', { retain: true });
    const client = connect(it).sendText('B {"subscribe":["kept"]}');
    expect(client.take()).toEqual([response([]), 'R kept 1']);
    client.sendText('B {"subscribe":["kept"]}');
    expect(client.take()).toEqual([response([])]);
  });

  test.each([
    ['X 1', [response([general('Not a frame of this protocol')])]],
    ['B', [response([general('Not a frame of this protocol')])]],
    ['', [response([general('Not a frame of this protocol')])]],
    ['B {', [response([general('A bind holds a JSON object')])]],
    ['B []', [response([general('A bind holds a JSON object')])]],
    ['B {"subscribe":"a","messageId":"7"}', [response([general('subscribe is not a list of strings')], '7')]],
    ['B {"unsubscribe":[1]}', [response([general('unsubscribe is not a list of strings')])]],
    ['B {"messageId":7}', [response([general('messageId is not a string')])]],
    ['B {"sessionId":7}', [response([general('sessionId is not a string')])]],
    ['B {"sessionId":"a/b"}', [response([general('Not a session ID that can be used')])]],
    ['B {"sessionId":"#"}', [response([general('Not a session ID that can be used')])]],
    ['B {"sessionId":"a b"}', [response([general('Not a session ID that can be used')])]],
    ['B {"sessionId":""}', [response([general('Not a session ID that can be used')])]],
    ['B {"sessionId":"$SYS"}', [response([general('Not a session ID that can be used')])]],
    ['B {"auth":"me"}', [response([general('auth is not an object')])]],
    ['B {"auth":{"type":"Digest"}}', [response([general('auth.type is neither Basic nor Bearer')])]],
    ['B {"auth":{"type":"Basic","username":"a"}}', [response([general('auth.password is not a string')])]],
    ['B {"auth":{"type":"Bearer"}}', [response([general('auth.token is not a string')])]],
    ['B {"subscribe":["a/#/b"]}', [response([general('Not a valid topic filter: a/#/b')])]],
    ['P a', [errorsTo('anon', general('A publish is P, a topic and a payload with spaces between'))]],
    ['P  x', [errorsTo('anon', general('A publish is P, a topic and a payload with spaces between'))]],
    ['P a/# x', [errorsTo('anon', refused('a/#', 'Not a topic that can be published to'))]],
  ])('%j is answered, and the link stays', (text, answers) => {
    const it = newBroker();
    const client = connect(it).sendText(text);
    expect(client.take()).toEqual(answers);
    expect(it.broker.counters.refused).toBe(1);
    expect(client.sendText('B {}').take()).toEqual([response([])]);
  });

  test.each(['', '20', '20 0000', '20 0005 6162', '30 0001 61 62', '20 0001 ff 62', '20 0002 c1bf 62'])(
    'the binary frame %j is answered, and the link stays',
    (hex) => {
      const client = connect(newBroker()).sendBinary(hex);
      const fault = general('A binary publish is 0x20, the length of the topic in 16 bits, topic and payload');
      expect(client.take()).toEqual([errorsTo('anon', fault)]);
      expect(client.isClosed).toBe(false);
    },
  );
});

describe('binding', () => {
  test('what is shown reaches the authenticator: a name with a password, a token, or nothing', () => {
    const { shown, authenticator } = withUsers();
    const it = newBroker({ authenticator });
    bound(it, { sessionId: 's1', auth: { type: 'Basic', username: 'joy', password: 'secret' } });
    bound(it, { sessionId: 's2', auth: { type: 'Bearer', token: 'token-of-ann' } });
    bound(it, {});
    expect(shown).toMatchObject([
      { clientId: 's1', username: 'joy', password: Buffer.from('secret'), protocol: 'flywheel', address: '127.0.0.1' },
      { clientId: 's2', username: null, password: Buffer.from('token-of-ann') },
      { clientId: expect.stringMatching(/^flywheel-/) as string, username: null, password: null },
    ]);
    expect(it.broker.presence.get('s1')).toMatchObject({ online: true, username: 'joy', protocol: 'flywheel' });
    expect(it.broker.presence.get('s2')).toMatchObject({ username: 'ann' });
  });

  test('an anonymous connection gains rights, and keeps its subscriptions; a bind without credentials keeps them', () => {
    const policy = aPolicy({ topics: ['open'] }, { subject: 'username', value: 'joy', topics: ['closed'] });
    const it = newBroker({ ...withUsers(), policy });
    const client = bound(it, { sessionId: 's', subscribe: ['open'] });
    client.sendText('B {"subscribe":["closed"]}');
    expect(client.take()).toEqual([response([refused('closed')])]);
    client.sendText('B {"auth":{"type":"Basic","username":"joy","password":"secret"},"subscribe":["closed"]}');
    client.sendText('B {"messageId":"2"}').sendText('P closed 1').sendText('P open 2');
    expect(client.take()).toEqual([response([]), response([], '2'), 'R closed 1', 'R open 2']);
    expect(it.broker.presence.get('s')).toMatchObject({ username: 'joy' });
  });

  test('other credentials replace the former, and take away what they do not give', () => {
    const policy = aPolicy({ subject: 'username', value: 'joy', topics: ['joys'] }, { topics: ['all'] });
    const it = newBroker({ ...withUsers(), policy });
    const auth = (username: string) => ({ type: 'Basic', username, password: 'secret' });
    const client = bound(it, { sessionId: 's', auth: auth('joy'), subscribe: ['joys', 'all'] });
    client.sendText(`B ${JSON.stringify({ auth: auth('bob') })}`);
    expect(client.take()).toEqual([errorsTo('s', refused('joys')), response([])]);
    client.sendText('P joys 1').sendText('P all 2');
    expect(client.take()).toEqual([errorsTo('s', refused('joys')), 'R all 2']);
  });

  test('credentials that are refused change nothing, and guessing costs the connection', () => {
    const it = newBroker(withUsers());
    const client = bound(it, {
      sessionId: 's',
      auth: { type: 'Basic', username: 'joy', password: 'secret' },
      subscribe: ['a'],
    });
    const guess = 'B {"auth":{"type":"Basic","username":"joy","password":"guess"},"subscribe":["b"]}';
    client.sendText(guess).sendText(guess).sendText('P a 1').sendText('P b 2');
    expect(client.take()).toEqual([response([general('Forbidden')]), response([general('Forbidden')]), 'R a 1']);
    expect(client.isClosed).toBe(false);
    client.sendText(guess);
    expect(client.take()).toEqual([response([general('Forbidden')])]);
    expect(client.closedWith).toEqual({ code: 1008, reason: 'Forbidden' });
    expect(it.broker.counters.refusals['bad-credentials']).toBe(4);
  });

  test('the first session id is kept', () => {
    const client = bound(newBroker(), { sessionId: 's', subscribe: ['a'] });
    client.sendText('B {"sessionId":"s","messageId":"1"}');
    client.sendText('B {"sessionId":"t","messageId":"2","unsubscribe":["a"],"subscribe":["b"]}').sendText('P a x');
    expect(client.take()).toEqual([response([], '1'), response([general('Cannot reassign session ID')], '2'), 'R a x']);
  });

  test('a session id that comes later renames the client, with what it has subscribed to', () => {
    const policy = aPolicy({ topics: ['all'] }, { topics: ['of/%c'] });
    const it = newBroker({ policy });
    const client = bound(it, { subscribe: ['all'] });
    client.sendText('B {"sessionId":"s","subscribe":["of/s"]}').sendText('P all 1').sendText('P of/s 2');
    expect(client.take()).toEqual([response([]), 'R all 1', 'R of/s 2']);
    expect([...it.broker.sessions].map(({ clientId }) => clientId)).toEqual(['s']);
    expect([it.broker.presence.onlineCount, it.broker.presence.goneCount]).toEqual([1, 1]);
  });

  test('what it may not have under its new id is told on the error topic', () => {
    const it = newBroker({ policy: aPolicy({ subject: 'clientid', value: 's', effect: 'deny', topics: ['a'] }, {}) });
    const client = bound(it, { subscribe: ['a', 'b'] }).sendText('B {"sessionId":"s"}');
    expect(client.take()).toEqual([errorsTo('s', refused('a')), response([])]);
    expect(client.sendText('P b 1').take()).toEqual(['R b 1']);
  });

  test('another connection with the session id takes over', () => {
    const it = newBroker();
    const first = bound(it, { sessionId: 's' });
    const second = bound(it, { sessionId: 's' });
    expect(first.closedWith?.code).toBe(1008);
    mqttClient(it, { clientId: 's' });
    expect(second.isClosed).toBe(true);
  });

  test('new subscriptions are granted together or not at all', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['a/#', 'held'] }) });
    const client = bound(it, { subscribe: ['held'] });
    client.sendText('B {"subscribe":["a/1","b/1","b/2","held"],"unsubscribe":["held"]}');
    expect(client.take()).toEqual([response([refused('b/1'), refused('b/2')])]);
    client.sendText('P a/1 1').sendText('P held 2');
    expect(client.take()).toEqual(['R held 2']);
    client.sendText('B {"subscribe":["a/1","a/1"],"unsubscribe":["held","unknown"]}');
    client.sendText('P a/1 1').sendText('P held 2');
    expect(client.take()).toEqual([response([]), 'R a/1 1']);
  });

  test('the bound of subscriptions holds for a bind as a whole', () => {
    const it = newBroker({ limits: { subscriptionsPerSession: 2 } });
    const client = bound(it, { subscribe: ['a', 'b'] });
    client.sendText('B {"subscribe":["c"]}').sendText('B {"subscribe":["c"],"unsubscribe":["a"]}');
    expect(client.take()).toEqual([response([general('A limit of the broker is reached')]), response([])]);
  });
});

describe('remote topics', () => {
  test('a session is sent what is published to it, whatever the rules say, and nobody else is', () => {
    const policy = aPolicy({ access: 'pub', topics: ['$remote/+/rx', '$remote/+/rx/#'] }, { topics: ['$remote/#'] });
    const it = newBroker({ policy });
    const client = bound(it, { sessionId: 's' });
    const spy = mqttClient(it, { clientId: 'spy' }).subscribe('$remote/#').subscribe('$remote/s/rx');
    const service = mqttClient(it).publish('$remote/s/rx', '1').publish('$remote/s/rx/a/b', '2');
    expect(client.take()).toEqual(['R $remote/s/rx 1', 'R $remote/s/rx/a/b 2']);
    expect([spy.messages, service.isClosed]).toEqual([[], false]);
    expect(spy.packets.filter(({ cmd }) => cmd === 'suback')).toMatchObject([{ granted: [128] }, { granted: [128] }]);
  });

  test('a client that only publishes may do so within its own', () => {
    const policy = aPolicy({ access: 'pub', topics: ['$remote/%c/#'] }, { access: 'sub', topics: ['$remote/+/tx'] });
    const it = newBroker({ policy });
    const backend = mqttClient(it).subscribe('$remote/+/tx');
    const client = bound(it, { sessionId: 's' }).sendText('P $remote/s/tx 1').sendText('P $remote/t/tx 2');
    expect(backend.messages).toEqual(['$remote/s/tx=1']);
    expect(client.take()).toEqual([errorsTo('s', refused('$remote/t/tx', 'Restricted to $remote/s/#'))]);
    client.sendText('P other 3').sendText('B {"subscribe":["$remote/t/rx"]}');
    expect(client.take()).toEqual([
      errorsTo('s', refused('other')),
      response([refused('$remote/t/rx', 'Restricted to $remote/s/#')]),
    ]);
    const nameless = bound(it).sendText('P $remote/t/tx 2');
    expect(nameless.take()).toEqual([errorsTo('anon', refused('$remote/t/tx', 'No session ID'))]);
  });
});

describe('without a bind', () => {
  test('a publish is taken where nothing has to be shown', () => {
    const it = newBroker(withUsers());
    const device = mqttClient(it).subscribe('#');
    connect(it).sendText('P a 1').sendText('P b 2');
    expect(device.messages).toEqual(['a=1', 'b=2']);
  });

  test('and elsewhere refused, asking for it but once', () => {
    const { shown, authenticator } = withUsers({ anonymous: false });
    const it = newBroker({ authenticator });
    const client = connect(it).sendText('P a 1').sendText('P b 2').sendText('B {}');
    expect(client.take()).toEqual([
      errorsTo('anon', refused('a')),
      errorsTo('anon', refused('b')),
      response([general('Forbidden')]),
    ]);
    expect(shown.length).toBe(2);
    client.sendText('B {"auth":{"type":"Bearer","token":"token-of-ann"}}');
    expect(client.take()).toEqual([response([])]);
  });

  test('a client that says nothing is let in where nothing has to be shown, and closed elsewhere', () => {
    const it = newBroker(withUsers());
    const quiet = connect(it);
    it.clock.advance(12_000);
    expect([quiet.isClosed, it.broker.sessions.size]).toEqual([false, 1]);
    const house = newBroker(withUsers({ anonymous: false }));
    const stranger = connect(house);
    house.clock.advance(12_000);
    expect(stranger.closedWith?.code).toBe(1008);
    expect(house.broker.counters.refusals['connect-timeout']).toBe(1);
  });

  test('what is asked to come in slowly is waited for, in order', async () => {
    let letIn: (authentication: Authentication) => void = () => undefined;
    const authenticate = () => new Promise<Authentication>((resolve) => (letIn = resolve));
    const it = newBroker({ authenticator: { authenticate } });
    const client = connect(it).sendText('B {"sessionId":"s","subscribe":["a"]}').sendText('P a 1').sendText('P a 2');
    expect(client.take()).toEqual([]);
    letIn({ accepted: true, username: null });
    await settle(it);
    expect(client.take()).toEqual([response([]), 'R a 1', 'R a 2']);
  });

  test('an authenticator that fails is an internal error, and the link stays', async () => {
    const it = newBroker({ authenticator: { authenticate: () => Promise.reject(new Error('no database')) } });
    const client = connect(it).sendText('B {}').sendText('P a 1');
    await settle(it);
    expect(client.take()).toEqual([
      response([general('Internal error')]),
      errorsTo('anon', refused('a', 'Internal error')),
    ]);
    expect(client.isClosed).toBe(false);
  });
});

describe('live', () => {
  const joysOnly = () => aPolicy({ topics: ['a'] });

  test('a change of the policy takes exactly what it takes, and tells it', () => {
    const it = newBroker();
    const client = bound(it, { sessionId: 's', subscribe: ['a', 'b'] });
    it.broker.setPolicy(joysOnly());
    it.clock.turn();
    expect(client.take()).toEqual([errorsTo('s', refused('b'))]);
    mqttClient(it).publish('a', '1').publish('b', '2').publish('$remote/s/rx', '3');
    expect(client.take()).toEqual(['R a 1']);
  });

  test('or ends the connection, where it is set so', () => {
    const flywheel: FlywheelTerms = { ...usualFlywheelTerms, disconnectRevoked: true };
    const it = newBroker();
    const client = bound(it, { sessionId: 's', subscribe: ['a', 'b'] }, { flywheel });
    it.broker.setPolicy(joysOnly());
    it.clock.turn();
    expect(client.take()).toEqual([errorsTo('s', refused('b'))]);
    expect(client.closedWith).toEqual({ code: 1008, reason: 'Forbidden' });
  });

  test('what an authorizer grants for a time is asked about again, and ends when it says no', async () => {
    const asked: string[] = [];
    let allowed = true;
    const it: TestBroker = newBroker({
      policy: aPolicy(),
      authorizer: {
        ask: (_who, action, topic) => {
          asked.push(`${action} ${topic}`);
          return Promise.resolve({ allowed, validUntil: it.clock.now() + 30_000 });
        },
      },
    });
    const client = connect(it).sendText('B {"sessionId":"s","subscribe":["a"]}').sendText('P a 1');
    await settle(it);
    expect(client.take()).toEqual([response([]), 'R a 1']);
    expect(asked).toEqual(['subscribe a', 'publish a']);
    allowed = false;
    it.clock.advance(25_000);
    await settle(it);
    expect(client.take()).toEqual([errorsTo('s', refused('a'))]);
    expect(asked.slice(2)).toContain('subscribe a');
  });

  test('a client is pinged, and one that is silent is closed', () => {
    const it = newBroker();
    const client = bound(it);
    it.clock.advance(62_000);
    expect(client.take().every((frame) => frame === 'ping')).toBe(true);
    it.clock.advance(200_000);
    client.sendText('B {}');
    it.clock.advance(250_000);
    expect(client.isClosed).toBe(false);
    it.clock.advance(70_000);
    expect(client.closedWith).toEqual({ code: 1000, reason: 'ping timeout' });
  });

  test('the broker says when it goes down, and an operator may kick', async () => {
    const it = newBroker();
    const kicked = bound(it, { sessionId: 's' });
    const staying = bound(it);
    it.broker.disconnect('s');
    await it.broker.close();
    expect([kicked, staying].map(({ closedWith }) => closedWith?.code)).toEqual([1008, 1001]);
  });

  test('a listener bounds its frames, and its certificates say who comes', () => {
    const { shown, authenticator } = withUsers();
    const it = newBroker({ authenticator });
    const terms = { name: 'x', allowAnonymous: null, packetBytes: 100, certificateAs: 'username' } as const;
    const client = connect(it, { terms }, { certificateName: 'pump' }).sendText('B {"subscribe":["a"]}');
    expect(shown[0]).toMatchObject({ username: 'pump', certificateName: 'pump' });
    client.sendText(`P a ${'x'.repeat(100)}`);
    expect(client.closedWith?.code).toBe(1009);
  });
});
