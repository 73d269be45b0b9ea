import type { MqttClient } from '@perch/broker/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import type { ClientPage } from '../clients/client.schemas.js';
import type { BanPage } from './ban.schemas.js';

let api: TestApi;
beforeAll(async () => {
  const env = { PERCH_FLAPPING_THRESHOLD: '4', PERCH_FLAPPING_BAN: 'on', PERCH_FLAPPING_BAN_SECONDS: '600' };
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', ...env } });
});
afterAll(() => api?.app.close());

const connect = (clientId: string, address = '10.0.0.1') => device(api.app, { clientId, address, protocolVersion: 5 });

async function comesAndGoes(clientId: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) (await connect(clientId)).send({ cmd: 'disconnect' });
}

const codeOf = async (clientId: string) => (await connect(clientId)).last('connack')?.reasonCode;

const bansOf = async (clientId: string) => (await api.viewer.get<BanPage>(`/bans?q=${clientId}`)).body.items;

async function banOf(clientId: string) {
  await vi.waitFor(async () => expect(await bansOf(clientId)).toHaveLength(1), { timeout: 10_000 });
  return (await bansOf(clientId))[0]!;
}

describe('a client that comes and goes', () => {
  test('is banned by its client id for a while, and nobody else is', async () => {
    await comesAndGoes('loop', 4);
    const ban = await banOf('loop');
    expect(ban).toMatchObject({
      kind: 'clientid',
      value: 'loop',
      createdBy: 'perch',
      reason: 'flapping: 4 disconnects in 60 s',
      state: 'active',
    });
    expect(Date.parse(ban.until!) - Date.parse(ban.createdAt)).toBeGreaterThan(590_000);
    expect([await codeOf('loop'), await codeOf('other')]).toEqual([0x8a, 0]);
    const { body } = await api.viewer.get<AuditPage>('/audit?action=bans.create');
    expect(body.items[0]).toMatchObject({ operator: 'perch', address: 'local', object: 'ban/clientid/loop' });
  });

  test('may come in again when the ban is lifted, and is banned again only when it goes as often again', async () => {
    await comesAndGoes('again', 4);
    const { id } = await banOf('again');
    await api.operator.delete(`/bans/${id}`);
    await comesAndGoes('again', 3);
    expect(await codeOf('again')).toBe(0);
    expect(await bansOf('again')).toHaveLength(1);
  });

  test('is not taken for one when operators send it away', async () => {
    for (let i = 0; i < 6; i++) {
      await connect('kicked');
      expect((await api.operator.post('/clients/kicked/kick', {})).status).toBe(204);
    }
    expect(await codeOf('kicked')).toBe(0);
    expect(await bansOf('kicked')).toEqual([]);
  });

  test('is told as two clients when two fight for the id, and both are gone', async () => {
    const all: MqttClient[] = [];
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.2', '10.0.0.1'])
      all.push(await connect('twin', address));
    const { reason } = await banOf('twin');
    expect(reason).toBe('flapping: 4 disconnects in 60 s; two clients use this id, at 10.0.0.1 and 10.0.0.2');
    await vi.waitFor(() => expect(all.map(({ isClosed }) => isClosed)).toEqual(all.map(() => true)));
  });

  test('is seen in the list of clients, and found there', async () => {
    await comesAndGoes('now-and-then', 2);
    await comesAndGoes('all-the-time', 4);
    const list = async (query: string) => {
      const { body } = await api.viewer.get<ClientPage>(`/clients?${query}`);
      return body.items.map(({ clientId, flaps, flapping }) => [clientId, flaps, flapping]);
    };
    expect(await list('q=now-and')).toEqual([['now-and-then', 2, undefined]]);
    expect(await list('q=time&flapping=true')).toEqual([['all-the-time', 4, true]]);
    expect(await list('q=a&flapping=false')).toContainEqual(['now-and-then', 2, undefined]);
    expect(await list('q=all-the&flapping=false')).toEqual([]);
    expect((await api.viewer.get('/clients?flapping=perhaps')).status).toBe(400);
  });
});
