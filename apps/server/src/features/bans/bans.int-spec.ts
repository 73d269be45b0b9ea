import type { MqttClientOptions } from '@perch/broker/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import type { Ban, BanPage, BanPreview, CreatedBan } from './ban.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_SCRAM_ITERATIONS: '0' } });
  await api.operator.post('/users', { username: 'joy', password: 'let me in' });
});
afterAll(() => api?.app.close());

async function banned(ban: object): Promise<CreatedBan> {
  const { status, body } = await api.operator.post<CreatedBan>('/bans', ban);
  expect([status, body.state]).toEqual([201, 'active']);
  return body;
}

async function codeOf(clientId: string, options: MqttClientOptions = {}): Promise<number | undefined> {
  const client = await device(api.app, { clientId, protocolVersion: 5, ...options });
  const { reasonCode, returnCode } = client.last('connack') ?? {};
  client.drop();
  return client.version === 5 ? reasonCode : returnCode;
}

const joy = async (clientId: string) => {
  const client = await device(api.app, { ...as('joy', 'let me in', clientId), protocolVersion: 5 });
  return client.last('connack')?.reasonCode;
};

const found = async (id: string) => {
  const { body } = await api.viewer.get<BanPage>('/bans');
  return body.items.find((ban) => ban.id === id);
};

describe('a ban', () => {
  test('of a client id ends the connection before the reply, keeps it out, and lets it in again when lifted', async () => {
    const pump = await device(api.app, { clientId: 'pump-1', protocolVersion: 5 });
    const other = await device(api.app, { clientId: 'pump-2', protocolVersion: 5 });
    const ban = await banned({ kind: 'clientid', value: 'pump-1', reason: 'stolen' });
    expect([ban.disconnected, pump.isClosed, other.isClosed]).toEqual([1, true, false]);
    expect([await codeOf('pump-1'), await codeOf('pump-1', { protocolVersion: 4 })]).toEqual([0x8a, 5]);
    expect(await found(ban.id)).toMatchObject({ hits: 2, reason: 'stolen', createdBy: 'operator', until: null });
    const { body } = await api.operator.delete<Ban>(`/bans/${ban.id}`);
    expect(body).toMatchObject({ state: 'lifted', liftedBy: 'operator' });
    expect(await codeOf('pump-1')).toBe(0);
    expect((await api.operator.delete(`/bans/${ban.id}`)).body).toMatchObject({ code: 'ban-over' });
  });

  test('of a user holds with the right password, a remembered one too', async () => {
    expect(await joy('joy-1')).toBe(0);
    const ban = await banned({ kind: 'username', value: 'joy' });
    expect([ban.disconnected, await joy('joy-2')]).toEqual([1, 0x8a]);
    await api.operator.delete(`/bans/${ban.id}`);
    expect(await joy('joy-1')).toBe(0);
  });

  test('ends at its moment', async () => {
    const ban = await banned({ kind: 'clientid', value: 'short', until: new Date(Date.now() + 700).toISOString() });
    expect(await codeOf('short')).toBe(0x8a);
    await vi.waitFor(async () => expect(await codeOf('short')).toBe(0), { timeout: 10_000 });
    expect((await api.viewer.get<BanPage>('/bans?state=ended')).body.items.map(({ id }) => id)).toEqual([ban.id]);
    expect((await api.operator.patch(`/bans/${ban.id}`, { until: null })).status).toBe(409);
  });

  test('can be made to hold longer, and only once', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { id } = await banned({ kind: 'clientid', value: 'kept', until: soon });
    const { body } = await api.operator.patch<Ban>(`/bans/${id}`, { until: null, reason: 'for good' });
    expect(body).toMatchObject({ until: null, reason: 'for good', state: 'active' });
    const again = await api.operator.post('/bans', { kind: 'clientid', value: 'kept' });
    expect([again.status, again.body.code, again.body.detail]).toEqual([
      409,
      'ban-exists',
      'Client kept is banned already, for ever.',
    ]);
  });

  test('of a block reaches the addresses in it, however they are written', async () => {
    const preview = async (value: string) =>
      (await api.operator.post<BanPreview>('/bans/preview', { kind: 'ipaddr', value })).body;
    expect(await preview('127.0.0.0/8')).toMatchObject({ isOwnAddress: true });
    expect(await preview('10.0.0.0/8')).toMatchObject({ isOwnAddress: false, online: 0 });
    expect(await preview('::ffff:127.0.0.1')).toMatchObject({ isOwnAddress: true });
    const wrong = await api.operator.post('/bans', { kind: 'ipaddr', value: '10.0.0.300' });
    expect([wrong.status, wrong.body.errors]).toEqual([
      422,
      [{ path: 'value', message: 'must be an address or a CIDR block, such as 10.0.0.7 or 10.0.0.0/8' }],
    ]);
    const inside = await device(api.app, { clientId: 'inside', address: '10.9.8.7' });
    const { disconnected } = await banned({ kind: 'ipaddr', value: '10.0.0.0/8' });
    expect([disconnected, inside.isClosed]).toEqual([1, true]);
    const codes = ['10.255.0.1', '::ffff:10.0.0.1', '11.0.0.1', '2001:db8::1'].map((address) =>
      codeOf(`at ${address}`, { address }),
    );
    expect(await Promise.all(codes)).toEqual([0x8a, 0x8a, 0, 0]);
    await banned({ kind: 'ipaddr', value: '2001:db8::/32' });
    expect([await codeOf('v6', { address: '2001:db8:1::2' }), await codeOf('v6', { address: '2001:db9::2' })]).toEqual([
      0x8a, 0,
    ]);
    const same = await api.operator.post('/bans', { kind: 'ipaddr', value: '10.1.2.3/8' });
    expect([same.status, same.body.code]).toEqual([409, 'ban-exists']);
  });

  test('cannot be of the address that the operator comes from', async () => {
    const before = (await api.viewer.get<BanPage>('/bans')).body.total;
    const own = await api.operator.post('/bans', { kind: 'ipaddr', value: '127.0.0.0/16' });
    expect([own.status, own.body.code]).toEqual([409, 'own-address']);
    expect((await api.viewer.get<BanPage>('/bans')).body.total).toBe(before);
  });

  test('is previewed with the clients that it would meet', async () => {
    const met = await device(api.app, as('joy', 'let me in', 'joy-here'));
    const { body } = await api.viewer.post<BanPreview>('/bans/preview', { kind: 'username', value: 'joy' });
    expect(body).toMatchObject({ online: 2, isOwnAddress: false, bannedBy: null });
    expect(body.sample.map(({ clientId }) => clientId)).toContain('joy-here');
    met.drop();
  });

  test('is written down with whom it met', async () => {
    await device(api.app, { clientId: 'audited', protocolVersion: 5 });
    await banned({ kind: 'clientid', value: 'audited' });
    const { body } = await api.viewer.get<AuditPage>('/audit?action=bans.create');
    expect(body.items[0]).toMatchObject({
      object: 'ban/clientid/audited',
      operator: 'operator',
      after: { disconnected: 1, clients: ['audited'] },
    });
  });

  test('is for operators to set and for everybody to see', async () => {
    expect((await api.viewer.post('/bans', { kind: 'clientid', value: 'x' })).status).toBe(403);
    expect((await api.viewer.get('/bans')).status).toBe(200);
    expect((await api.operator.delete('/bans/nothing')).status).toBe(404);
    expect(
      (await api.operator.post('/bans', { kind: 'clientid', value: 'x', until: '2020-01-01T00:00:00Z' })).status,
    ).toBe(422);
  });

  test('keeps nobody out but whom it names', async () => {
    expect(await codeOf('somebody-else')).toBe(0);
  });
});
