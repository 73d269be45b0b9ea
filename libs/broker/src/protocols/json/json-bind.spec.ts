import { describe, expect, test } from 'vitest';
import type { Authentication, Authenticator, Credentials } from '../../ports/authenticator.js';
import { aPolicy, JsonClient, jsonClient, mqttClient, newBroker, type TestBroker } from '../../testing/index.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How many clients presence knows, online or not. */
const known = ({ broker }: TestBroker): number => [...broker.presence.list()].length;

/** Decides when the test says so. */
function slowAuthenticator(): Authenticator & { decide(authentication: Authentication): Promise<void> } {
  let decide: (authentication: Authentication) => void = () => undefined;
  return {
    authenticate: () => new Promise<Authentication>((resolve) => (decide = resolve)),
    decide: (authentication) => {
      decide(authentication);
      return settled();
    },
  };
}

describe('binding', () => {
  test('the first frame is a welcome without a client id, byte for byte', () => {
    const client = new JsonClient(newBroker());
    expect(client.texts).toEqual(['{"type":"welcome","clientId":null,"maxFrameBytes":1048576,"keepAliveMs":120000}']);
  });

  test('a bind shows the authenticator everything and is answered by a welcome with its id', () => {
    const seen: Credentials[] = [];
    const authenticate = (credentials: Credentials): Authentication => {
      seen.push(credentials);
      return { accepted: true, username: 'joy' };
    };
    const it = newBroker({ authenticator: { authenticate } });
    const client = new JsonClient(it, { address: '10.0.0.7' }).bind({
      clientId: 'pump-7',
      username: 'joy',
      password: 'sécret',
    });
    expect(seen).toEqual([
      {
        clientId: 'pump-7',
        username: 'joy',
        password: Buffer.from('sécret'),
        address: '10.0.0.7',
        protocol: 'json',
        certificateName: null,
        allowAnonymous: null,
      },
    ]);
    expect(client.last('welcome')).toMatchObject({ id: 1, clientId: 'pump-7' });
    expect(it.broker.presence.get('pump-7')).toMatchObject({
      online: true,
      username: 'joy',
      protocol: 'json',
      address: '10.0.0.7',
    });
  });

  test('a bind without credentials shows none, and without a client id gets one', () => {
    const seen: Credentials[] = [];
    const authenticate = (credentials: Credentials): Authentication => {
      seen.push(credentials);
      return { accepted: true, username: null };
    };
    const clients = [1, 2].map(() => jsonClient(newBroker({ authenticator: { authenticate } })));
    expect(seen).toMatchObject([{ username: null, password: null }, {}]);
    const [one, two] = clients.map((client) => client.last('welcome')?.clientId);
    expect(one).toMatch(/^perch-[0-9a-f]{20}$/);
    expect(two).not.toBe(one);
  });

  test.each([
    ['bad-credentials', 'bad-credentials', 4401],
    ['not-authorized', 'not-authorized', 4401],
    ['banned', 'not-authorized', 4403],
    ['connection-rate-exceeded', 'quota-exceeded', 4429],
    ['unavailable', 'unavailable', 4500],
  ] as const)('a bind refused as %s is answered %s and closed with %i', (refusal, code, closeCode) => {
    const it = newBroker({ authenticator: { authenticate: () => ({ accepted: false, refusal }) } });
    const client = jsonClient(it, { clientId: 'c', username: 'joy' });
    expect(client.last('result')).toMatchObject({ id: 1, ok: false, error: { code } });
    expect(client.closedWith?.code).toBe(closeCode);
    expect(known(it)).toBe(0);
    expect(it.broker.counters.refusals[refusal]).toBe(1);
  });

  test.each(['', '$operator/ann/1', 'x'.repeat(1025), 'a\0b', '\ud800'])('the client id %j is refused', (clientId) => {
    const client = jsonClient(newBroker(), { clientId });
    expect(client.last('result')?.error?.code).toBe('invalid-client-id');
    expect(client.closedWith?.code).toBe(4400);
  });

  test('nothing but a ping is done before the bind, and nothing while it is decided', async () => {
    const authenticator = slowAuthenticator();
    const it = newBroker({ authenticator });
    const client = new JsonClient(it).subscribe('#').publish('a', '1').publish('a', '2', { id: undefined });
    client.send({ type: 'ping' });
    expect(client.frames.slice(1)).toMatchObject([
      { id: 1, error: { code: 'not-bound' } },
      { id: 2, error: { code: 'not-bound' } },
      { id: null, error: { code: 'not-bound' } },
      { type: 'pong' },
    ]);
    client.bind({ clientId: 'c' }).subscribe('#').bind({ clientId: 'd' });
    expect(client.frames.slice(5)).toMatchObject([{ error: { code: 'not-bound' } }, { error: { code: 'not-bound' } }]);
    await authenticator.decide({ accepted: true, username: null });
    it.clock.turn();
    expect(client.last('welcome')?.clientId).toBe('c');
    expect(it.broker.counters.messagesReceived).toBe(0);
  });

  test('a second bind under another client id is refused and changes nothing', () => {
    const it = newBroker();
    const client = jsonClient(it, { clientId: 'c' }).bind({ clientId: 'd' });
    expect(client.last('result')).toMatchObject({ id: 2, ok: false, error: { code: 'already-bound' } });
    expect([it.broker.sessions.size, client.isClosed]).toEqual([1, false]);
  });

  test('a client that leaves while it is authenticated is not let in', async () => {
    const authenticator = slowAuthenticator();
    const it = newBroker({ authenticator });
    jsonClient(it, { clientId: 'c' }).leave();
    await authenticator.decide({ accepted: true, username: null });
    expect([it.broker.sessions.size, known(it)]).toEqual([0, 0]);
  });

  test('an authenticator that fails costs the client its connection, for now, and is reported', async () => {
    const it = newBroker({ authenticator: { authenticate: () => Promise.reject(new Error('no database')) } });
    const client = jsonClient(it);
    await settled();
    it.clock.turn();
    expect(client.last('result')?.error?.code).toBe('unavailable');
    expect(client.closedWith?.code).toBe(4500);
    expect(it.faults).toEqual([new Error('no database')]);
  });

  test('an exception in the broker costs this link and nobody else', () => {
    const authenticate = ({ clientId }: Credentials): Authentication => {
      if (clientId === 'bad') throw new Error('a bug');
      return { accepted: true, username: null };
    };
    const it = newBroker({ authenticator: { authenticate } });
    const good = jsonClient(it, { clientId: 'good' });
    const bad = jsonClient(it, { clientId: 'bad' });
    expect([bad.closedWith?.code, good.isClosed, it.faults.length]).toEqual([4500, false, 1]);
  });
});

describe('an operator', () => {
  const operator = (it: TestBroker) => ({
    name: 'ann',
    grants: aPolicy({ access: 'sub', topics: ['$SYS/#'] }).grantsFor(
      { clientId: 'ann', username: null, address: null },
      it.clock.now(),
    ),
  });

  test('is bound at once, under the grants it came with', () => {
    const it = newBroker();
    const client = jsonClient(it, { operator: operator(it) });
    expect(client.frames).toMatchObject([
      { type: 'welcome', clientId: expect.stringMatching(/^\$operator\/ann\/\d+$/) as string },
    ]);
    client.subscribe('$SYS/broker/connection/clients/+', 'plant/#').publish('a', '1');
    expect(client.frames[1]).toMatchObject({
      ok: false,
      results: [
        { filter: '$SYS/broker/connection/clients/+' },
        { filter: 'plant/#', error: { code: 'not-authorized' } },
      ],
    });
    expect(client.last('result')).toMatchObject({ ok: false, error: { code: 'not-authorized' } });
  });

  test('is no client: never in presence, not counted, not touched by a change of the policy', () => {
    const it = newBroker();
    const client = jsonClient(it, { operator: operator(it) }).subscribe('$SYS/broker/connection/clients/+');
    it.broker.setPolicy(aPolicy());
    expect([known(it), it.broker.counters.connects]).toEqual([0, 0]);
    const device = jsonClient(it, { clientId: 'device' });
    device.leave();
    const events = client.deliveries.map(
      ({ payload }) => JSON.parse(payload) as { clientID: string; online: boolean; reason?: string },
    );
    expect(events).toMatchObject([
      { clientID: 'device', online: true },
      { clientID: 'device', online: false, reason: 'client-disconnected' },
    ]);
    client.leave();
    expect(known(it)).toBe(1);
  });

  test('two connections of one operator do not take over from each other', () => {
    const it = newBroker();
    const clients = [operator(it), operator(it)].map((who) => jsonClient(it, { operator: who }));
    expect(clients.map((client) => client.isClosed)).toEqual([false, false]);
  });

  test('whose sign-in ends is closed with the code that says so', () => {
    const it = newBroker();
    const client = jsonClient(it, { operator: operator(it) });
    it.broker.disconnect(client.last('welcome')?.clientId ?? '', 'bad-credentials');
    expect(client.closedWith?.code).toBe(4401);
  });
});

describe('the end of a connection', () => {
  test('another connection with the same client id takes over, whichever protocol it speaks', () => {
    const it = newBroker();
    const first = jsonClient(it, { clientId: 'c' });
    const second = mqttClient(it, { clientId: 'c' });
    expect(first.closedWith).toEqual({ code: 4409, reason: 'Another connection took this client id.' });
    const third = jsonClient(it, { clientId: 'c' });
    expect([second.isClosed, third.isClosed, it.broker.sessions.size]).toEqual([true, false, 1]);
  });

  test('without a bind in time it is closed, however much it pings', () => {
    const it = newBroker();
    const client = new JsonClient(it);
    for (let i = 0; i < 5; i++) {
      it.clock.advance(2500);
      client.send({ type: 'ping' });
    }
    expect(client.closedWith?.code).toBe(4408);
  });

  test('a client that sends nothing for the keep-alive is closed; a ping keeps it', () => {
    const it = newBroker();
    const quiet = jsonClient(it);
    const pinging = jsonClient(it);
    it.clock.advance(100_000);
    pinging.send({ type: 'ping' });
    expect(pinging.last('pong')).toEqual({ type: 'pong' });
    it.clock.advance(30_000);
    expect([quiet.closedWith?.code, pinging.isClosed]).toEqual([4408, false]);
  });

  test('the broker says when it goes down, when an operator kicks, and when it is full', async () => {
    const it = newBroker({ limits: { connections: 2 } });
    const kicked = jsonClient(it, { clientId: 'kicked' });
    const staying = jsonClient(it);
    const tooMany = new JsonClient(it);
    it.broker.disconnect('kicked');
    await it.broker.close();
    expect([kicked, staying, tooMany].map((client) => client.closedWith?.code)).toEqual([4403, 1001, 4429]);
  });

  test('presence tells a good-bye from a kick', () => {
    const it = newBroker();
    jsonClient(it, { clientId: 'left' }).leave();
    jsonClient(it, { clientId: 'kicked' });
    it.broker.disconnect('kicked');
    expect(['left', 'kicked'].map((id) => it.broker.presence.get(id)?.reason)).toEqual([
      'client-disconnected',
      'administrative-action',
    ]);
  });
});
