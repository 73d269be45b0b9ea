import { createHash, pbkdf2Sync } from 'node:crypto';
import { hashSync } from '@node-rs/bcrypt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { BulkResult } from './bulk.schemas.js';
import type { UserImportResult } from './import.schemas.js';
import type { User, UserPage } from './user.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.app.close());

const bulk = (input: object) => api.operator.post<BulkResult>('/users/bulk', input);
const csv = (content: string, options = {}) =>
  api.operator.post<UserImportResult & { errors: object[] }>('/users/import', { format: 'csv', content, ...options });
const list = async (query: string) => (await api.viewer.get<UserPage>(`/users?${query}`)).body.items;
const names = async (query: string) => (await list(query)).map(({ username }) => username);
const logIn = async (username: string, password: string) =>
  (await device(api.app, as(username, password, username))).last('connack') as { returnCode: number };

async function someUsers(prefix: string, count: number): Promise<User[]> {
  const lines = Array.from({ length: count }, (_, i) => `${prefix}${i},let me in`);
  const { status } = await csv(['username,password', ...lines].join('\n'));
  expect(status).toBe(200);
  return list(`q=${prefix}`);
}

describe('many users at once', () => {
  test('are disabled, disconnected before the reply, and enabled again with what the reply said', async () => {
    const users = await someUsers('bulk-a', 3);
    const client = await device(api.app, as('bulk-a1', 'let me in', 'bulk-a1'));
    await api.operator.patch(`/users/${users[0]?.id}`, { disabled: true });
    const { body } = await bulk({ action: 'disable', filter: { q: 'bulk-a' } });
    expect(body).toMatchObject({ changed: 2, unchanged: 1, problems: [] });
    expect((await api.viewer.get('/clients/bulk-a1')).body).toMatchObject({ online: false });
    await vi.waitFor(() => expect(client.isClosed).toBe(true));
    await bulk({ action: 'enable', ids: body.changedIds });
    expect(await names('q=bulk-a&state=active')).toEqual(['bulk-a1', 'bulk-a2']);
    const audit = await api.admin.get<{ items: object[] }>('/audit?object=user/bulk-a1&action=users.update');
    expect(audit.body.items).toMatchObject([{ after: { disabled: false } }, { before: { disabled: false } }]);
  });

  test('get and lose a label; who has no room for it is named, the others get it', async () => {
    const users = await someUsers('bulk-b', 2);
    const full = Array.from({ length: 32 }, (_, i) => `l${i}`);
    await api.operator.patch(`/users/${users[0]?.id}`, { labels: full });
    const ids = [...users.map(({ id }) => id), 'nobody'];
    const { body } = await bulk({ action: 'addLabel', label: 'new', ids });
    expect(body).toMatchObject({ changed: 1, unchanged: 0, changedIds: [users[1]?.id] });
    expect(body.problems.map(({ username }) => username)).toEqual([null, 'bulk-b0']);
    expect(await names('label=new')).toEqual(['bulk-b1']);
    expect((await bulk({ action: 'removeLabel', label: 'new', filter: {} })).body.changed).toBe(1);
    expect(await names('label=new')).toEqual([]);
  });

  test('are deleted and disconnected', async () => {
    const users = await someUsers('bulk-c', 2);
    await device(api.app, as('bulk-c0', 'let me in', 'bulk-c0'));
    const { body } = await bulk({ action: 'delete', ids: users.map(({ id }) => id) });
    expect(body.changed).toBe(2);
    expect((await api.viewer.get('/clients/bulk-c0')).body).toMatchObject({ online: false });
    expect(await names('q=bulk-c')).toEqual([]);
    expect((await logIn('bulk-c0', 'let me in')).returnCode).toBe(4);
  });

  test.each([
    [{ action: 'disable' }, 'ids'],
    [{ action: 'disable', ids: [], filter: {} }, 'ids'],
    [{ action: 'addLabel', ids: [] }, 'label'],
    [{ action: 'disable', label: 'x', ids: [] }, 'label'],
  ])('%j is refused', async (input, path) => {
    const { status, body } = await bulk(input);
    expect([status, (body as unknown as { errors: object }).errors]).toMatchObject([422, [{ path }]]);
  });

  test('a viewer may not', async () => {
    expect((await api.viewer.post('/users/bulk', { action: 'disable', filter: {} })).status).toBe(403);
    expect((await api.viewer.post('/users/import', { format: 'csv', content: 'username' })).status).toBe(403);
  });
});

describe('an import', () => {
  test('takes every column, and the users can log in', async () => {
    const { status, body } = await csv(
      [
        'username,password,labels,client_id,client_id_prefix,addresses,connection_limit,valid_until,note,disabled',
        'imp-1,"let ""me"" in",a b,,imp-,127.0.0.0/8;10.0.0.1,5,2030-01-01,"two\nlines",no',
        'imp-2,let me in,,imp-2,,,,,,yes',
      ].join('\r\n'),
    );
    expect([status, body]).toMatchObject([200, { applied: true, created: 2, failed: 0, problems: [] }]);
    expect(await list('q=imp-')).toMatchObject([
      {
        labels: ['a', 'b'],
        clientIdBinding: { kind: 'prefix', text: 'imp-' },
        addresses: ['127.0.0.0/8', '10.0.0.1'],
        connectionLimit: 5,
        validUntil: '2030-01-01T00:00:00.000Z',
        note: 'two\nlines',
        disabled: false,
      },
      { clientIdBinding: { kind: 'exact', text: 'imp-2' }, disabled: true },
    ]);
    expect((await logIn('imp-1', 'let "me" in')).returnCode).toBe(0);
  });

  test('says all that is wrong with row and column, and takes in nothing', async () => {
    const content = [
      'username,password,password_hash,labels,addresses,connection_limit,valid_until,disabled',
      'wrong-1,short,,,,,,',
      'wrong-2,long enough,$2b$10$abc,,,,,',
      ',long enough,,,10.0.0.300,none,tomorrow,perhaps',
      'wrong-3,long enough,,,,,,',
      'wrong-3,long enough,,,,,,',
      'wrong-4,,,,,,,',
    ].join('\n');
    const dry = (await csv(content, { dryRun: true })).body;
    expect(dry).toMatchObject({ applied: false, rows: 6, created: 1, failed: 5 });
    expect(dry.problems.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '2 password',
      '3 password_hash',
      '3 password_hash',
      '4 username',
      '4 disabled',
      '4 addresses',
      '4 connection_limit',
      '4 valid_until',
      '6 username',
      '7 password',
    ]);
    expect(dry.preview.map(({ outcome }) => outcome)).toEqual(['error', 'error', 'error', 'create', 'error', 'error']);
    const { status, body } = await csv(content);
    expect(status).toBe(422);
    expect(body.errors).toHaveLength(10);
    expect(body.errors[0]).toMatchObject({ path: 'content:2:password', line: 2 });
    expect(await names('q=wrong-')).toEqual([]);
    expect((await csv(content, { skipErrors: true })).body).toMatchObject({ applied: true, created: 1, failed: 5 });
    expect(await names('q=wrong-')).toEqual(['wrong-3']);
  });

  test.each([
    ['a header without names', 'pump-7,secret\n', 'username'],
    ['a column that users do not have', 'username,pasword\na,b\n', 'pasword'],
    ['a column that is there twice', 'username,note,note\na,b,c\n', 'note'],
    ['a row of another length', 'username,password\nonly\n', null],
    ['a quote that is never closed', 'username,password\n"a,b\n', null],
  ])('%s is said where it is', async (_what, content, column) => {
    const { body } = await csv(content, { dryRun: true });
    expect(body.problems).toEqual(expect.arrayContaining([expect.objectContaining({ column })]));
    expect(body.created).toBe(0);
  });

  test('leaves names that are taken alone, or changes them, or calls them errors', async () => {
    await csv('username,password,labels\ntaken,let me in,a\n');
    const content = 'username,labels\ntaken,b\n';
    expect((await csv(content)).status).toBe(422);
    expect((await csv(content, { existing: 'skip' })).body).toMatchObject({ skipped: 1, updated: 0 });
    expect(await list('q=taken')).toMatchObject([{ labels: ['a'] }]);
    const client = await device(api.app, as('taken', 'let me in', 'taken'));
    expect((await csv(content, { existing: 'update' })).body).toMatchObject({ updated: 1 });
    expect(await list('q=taken')).toMatchObject([{ labels: ['b'], onlineClients: 1 }]);
    await csv('username,client_id\ntaken,other\n', { existing: 'update' });
    expect(await list('q=taken')).toMatchObject([{ onlineClients: 0 }]);
    await vi.waitFor(() => expect(client.isClosed).toBe(true));
  });

  test('of hashes: they log in with their password, and are kept our way from then on', async () => {
    const salt = Buffer.from('0123456789ab');
    const base64 = (bytes: Buffer) => bytes.toString('base64');
    const hashes: Record<string, string> = {
      'hash-bcrypt': hashSync('let me in', { cost: 4 }),
      'hash-mosquitto7': `$7$101$${base64(salt)}$${base64(pbkdf2Sync('let me in', salt, 101, 64, 'sha512'))}`,
      'hash-mosquitto6': `$6$${base64(salt)}$${base64(createHash('sha512').update('let me in').update(salt).digest())}`,
      'hash-django': `pbkdf2_sha256$1000$salt$${base64(pbkdf2Sync('let me in', 'salt', 1000, 32, 'sha256'))}`,
    };
    const lines = Object.entries(hashes).map(([username, hash]) => `${username},${hash}`);
    expect((await csv(['username,password_hash', ...lines].join('\n'))).body).toMatchObject({ created: 4 });
    const prisma = api.app.app.get(PrismaService);
    for (const username of Object.keys(hashes)) {
      expect((await logIn(username, 'let me out')).returnCode).toBe(4);
      expect((await logIn(username, 'let me in')).returnCode).toBe(0);
      await vi.waitFor(async () => {
        const kept = await prisma.user.findUniqueOrThrow({ where: { username } });
        expect(kept.passwordHash).toMatch(/^\$argon2id\$/);
        expect(kept.scramKeys).toMatch(/^SCRAM-SHA-256\$/);
      });
    }
    await api.operator.patch(`/users/${(await list('q=hash-bcrypt'))[0]?.id}`, { note: 'forgets what was cached' });
    expect((await logIn('hash-bcrypt', 'let me in')).returnCode).toBe(0);
  });

  test('of a password file of Mosquitto', async () => {
    const key = pbkdf2Sync('let me in', 'salt12345678', 101, 64, 'sha512').toString('base64');
    const content = `# made by hand\nmosq-1:$7$101$${Buffer.from('salt12345678').toString('base64')}$${key}\n\nmosq-2:plain\nmosq-3\n`;
    const input = { format: 'mosquitto', content, skipErrors: true };
    const { body } = await api.operator.post<UserImportResult>('/users/import', input);
    expect(body).toMatchObject({ created: 1, failed: 2 });
    expect(body.problems.map(({ row }) => row)).toEqual([4, 5]);
    expect((await logIn('mosq-1', 'let me in')).returnCode).toBe(0);
  });

  test('of 20,000 rows can be tried at once, and says which part is too long to import', async () => {
    const content = ['username,password', ...Array.from({ length: 20_000 }, (_, i) => `many-${i},let me in`)].join(
      '\n',
    );
    expect((await csv(content, { dryRun: true })).body).toMatchObject({ created: 20_000, failed: 0 });
    const { status, body } = await csv(content);
    expect([status, body.errors]).toMatchObject([422, [{ path: 'content' }]]);
  });
});

describe('an export', () => {
  test('holds no secret, begins no formula, and comes back by an import as it was', async () => {
    const awkward = ['=1+1', '+49', '-5', '@SUM(A1)', "'=quoted", "o'neil", 'a,"b"', 'ünï 🐦'];
    for (const username of awkward) {
      await api.operator.post('/users', { username, note: username, labels: ['export'], addresses: ['10.0.0.0/8'] });
    }
    const before = await list('label=export');
    const { body, headers } = await api.viewer.get<string>('/users/export?label=export');
    expect(headers.get('content-type')).toContain('text/csv');
    expect(body).not.toMatch(/argon|SCRAM/);
    for (const cell of body.split(/[,\r\n]+/)) expect(cell).not.toMatch(/^"?[=+\-@]/);
    await api.operator.post('/users/bulk', { action: 'removeLabel', label: 'export', filter: {} });
    expect((await csv(body, { existing: 'update' })).body).toMatchObject({ updated: awkward.length, failed: 0 });
    const facts = ({ updatedAt: _, ...user }: User) => user;
    expect((await list('label=export')).map(facts)).toEqual(before.map(facts));
  });

  test('holds everybody, also beyond the first page', async () => {
    const rows = Array.from(
      { length: 1200 },
      (_, i) => `page-${i},$2b$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
    );
    await csv(['username,password_hash', ...rows].join('\n'));
    const { body } = await api.viewer.get<string>('/users/export?q=page-');
    expect(body.trimEnd().split('\r\n')).toHaveLength(1201);
  });
});
