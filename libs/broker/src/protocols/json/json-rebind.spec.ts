import { describe, expect, test } from 'vitest';
import type { Authentication, Authenticator, Credentials } from '../../ports/authenticator.js';
import { aPolicy, jsonClient, newBroker } from '../../testing/index.js';

/** `joy` and `ann` with their name as password, `token-of-<name>` for a token, and anybody without credentials. */
const byName = {
  authenticate({ username, password }: Credentials): Authentication {
    const secret = password?.toString() ?? null;
    if (secret === null) return { accepted: true, username: null };
    const name = secret.startsWith('token-of-') ? secret.slice(9) : secret;
    const isRight = username === null ? secret !== name : username === secret;
    return isRight ? { accepted: true, username: name } : { accepted: false, refusal: 'bad-credentials' };
  },
} satisfies Authenticator;

const policy = aPolicy(
  { subject: 'username', value: 'joy', topics: ['joy/#', 'shared/#'] },
  { subject: 'username', value: 'ann', topics: ['ann/#', 'shared/#'] },
  { topics: ['public/#'] },
);

const aBroker = () => newBroker({ authenticator: byName, policy });

describe('binding again on the same connection', () => {
  test('raises rights: what was refused is granted, and nothing that was there is lost', () => {
    const it = aBroker();
    const client = jsonClient(it, { clientId: 'c' }).subscribe('public/#', 'joy/#');
    expect(client.last('result')?.results?.[1]?.error?.code).toBe('not-authorized');
    client.bind({ username: 'joy', password: 'joy' }).subscribe('joy/#').publish('joy/a', '1').publish('public/a', '2');
    expect(client.last('welcome')).toMatchObject({ id: 3, clientId: 'c' });
    expect(client.messages).toEqual(['joy/a=1', 'public/a=2']);
    expect(it.broker.presence.get('c')?.username).toBe('joy');
  });

  test('changes rights: exactly the subscriptions that the new user may not have end, and it is told', () => {
    const it = aBroker();
    const client = jsonClient(it, { clientId: 'c', username: 'joy', password: 'joy' });
    client.subscribe('joy/#', 'shared/#').bind({ token: 'token-of-ann' });
    expect(client.frames.slice(-2)).toMatchObject([
      { type: 'revoked', filters: ['joy/#'] },
      { type: 'welcome', id: 3 },
    ]);
    client.publish('joy/a', '1').publish('shared/a', '2');
    expect(client.last('result')).toMatchObject({ ok: true });
    expect(client.messages).toEqual(['shared/a=2']);
    client.bind();
    expect(client.last('revoked')?.filters).toEqual(['shared/#']);
    expect(it.broker.presence.get('c')?.username).toBe(null);
  });

  test('that is refused leaves everything as it was, some times; then the connection ends', () => {
    const it = aBroker();
    const client = jsonClient(it, { clientId: 'c', username: 'joy', password: 'joy' }).subscribe('joy/#');
    for (let i = 0; i < 4; i++) client.bind({ username: 'ann', password: 'guess' });
    expect(client.last('result')).toMatchObject({ id: 6, ok: false, error: { code: 'bad-credentials' } });
    client.publish('joy/a', '1');
    expect(client.messages).toEqual(['joy/a=1']);
    client.bind({ token: 'token' });
    expect(client.closedWith?.code).toBe(4401);
    expect(it.broker.counters.refusals['bad-credentials']).toBe(5);
  });

  test('requests that follow it wait for its answer', async () => {
    let decide: (authentication: Authentication) => void = () => undefined;
    const authenticate = (who: Credentials): Authentication | Promise<Authentication> =>
      who.username === null ? byName.authenticate(who) : new Promise((resolve) => (decide = resolve));
    const it = newBroker({ authenticator: { authenticate }, policy });
    const client = jsonClient(it, { clientId: 'c' }).bind({ username: 'joy', password: 'joy' }).publish('joy/a', '1');
    expect(client.last('result')).toBeUndefined();
    decide({ accepted: true, username: 'joy' });
    await new Promise((resolve) => setImmediate(resolve));
    it.clock.turn();
    expect(client.frames.slice(-2)).toMatchObject([
      { type: 'welcome', id: 2 },
      { type: 'result', id: 3, ok: true },
    ]);
  });

  test('an operator stays who has signed in', () => {
    const it = aBroker();
    const operator = { name: 'ann', grants: it.broker.access.grantsFor({ identity: anOperator, own: null }) };
    const client = jsonClient(it, { operator }).bind({ username: 'joy', password: 'joy' });
    expect(client.last('result')?.error?.code).toBe('already-bound');
  });
});

const anOperator = { clientId: '$operator/ann', username: null, address: null, labels: [] };

describe('a token', () => {
  test('is shown to the authenticator as a password without a name', () => {
    const seen: Credentials[] = [];
    const authenticate = (credentials: Credentials): Authentication => {
      seen.push(credentials);
      return byName.authenticate(credentials);
    };
    const client = jsonClient(newBroker({ authenticator: { authenticate } }), { token: 'token-of-joy' });
    expect(seen).toMatchObject([{ username: null, password: Buffer.from('token-of-joy') }]);
    expect(client.isClosed).toBe(false);
  });
});
