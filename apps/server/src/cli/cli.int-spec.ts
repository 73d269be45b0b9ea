import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import type { IssuedApiKey } from '../features/api-keys/api-key.schemas.js';
import type { AuditPage } from '../features/audit/audit.schemas.js';
import type { RetainedMessage } from '../features/retained/retained.schemas.js';
import type { User, UserPage } from '../features/users/user.schemas.js';
import { type TestApi, startTestApi } from '../http/testing/api-client.js';
import { scratchFolder } from '../testing/scratch-folder.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { type Ran, runPerch, type Surroundings } from './testing/run-perch.js';

let api: TestApi;
let env: Record<string, string>;

const keyFor = async (role: string) => {
  const { body } = await api.admin.post<IssuedApiKey>('/api-keys', {
    name: `${role} of the test`,
    role,
    expiresAt: null,
  });
  return body.secret;
};

beforeAll(async () => {
  api = await startTestApi();
  env = { PERCH_URL: api.app.url, PERCH_API_KEY: await keyFor('admin') };
});
afterAll(() => api?.app.close());

const perch = (line: string, given: Surroundings = {}): Promise<Ran> => runPerch(line.split(' '), { env, ...given });

const device = (username: string, password: string, clientId: string) =>
  connectAsync(`mqtt://127.0.0.1:${api.app.mqttPort}`, { username, password, clientId, reconnectPeriod: 0 });

const file = async (name: string, text: string) => {
  const path = join(scratchFolder(), name);
  await writeFile(path, text);
  return path;
};

const usernames = async () => (await api.admin.get<UserPage>('/users')).body.items.map(({ username }) => username);

describe('users', () => {
  test('are made with a generated password, which alone goes to standard output', async () => {
    const made = await perch('user add pump --label plant --client-id-prefix pump- --max-connections 2');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^\S{12,}$/) as string });
    expect(made.note).toContain('Made the user pump.');
    const connected = await device('pump', made.out, 'pump-1');
    await connected.endAsync();
  });

  test('are made with the password on standard input, or with words that are asked for as JSON', async () => {
    const made = await perch('user add typed --password-stdin --json', { input: 'let me in\n' });
    expect(JSON.parse(made.out)).toMatchObject({ username: 'typed', generatedPassword: null });
    const connected = await device('typed', 'let me in', 'typed-1');
    await connected.endAsync();
  });

  test('are listed, disabled, enabled, given new passwords and deleted', async () => {
    await perch('user add brief --note short');
    expect((await perch('user list --q brief')).out).toMatch(/^USERNAME .*\nbrief +active +0 +- +short$/);
    expect((await perch('user disable brief')).code).toBe(0);
    expect((await perch('user list --state disabled --json')).out).toContain('"brief"');
    expect((await perch('user enable brief')).code).toBe(0);
    expect((await perch('user passwd brief')).out).toMatch(/^\S{12,}$/);
    expect((await perch('user delete brief')).code).toBe(0);
    expect(await usernames()).not.toContain('brief');
  });

  test('come from a file as a whole or not at all', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => `many-${at},`).join('\n');
    const wrong = await file('wrong.csv', 'username,password\nfine,long enough\n,no name\n');
    const refused = await perch(`user import ${wrong}`);
    expect(refused).toMatchObject({ code: 1, out: expect.stringMatching(/wrong 1\.\nNothing was changed/) as string });
    expect(await usernames()).not.toContain('fine');
    const hash = '$7$101$c2FsdHNhbHQ=$' + Buffer.alloc(64, 1).toString('base64');
    const passwords = await file('passwd', rows.replaceAll(',', `:${hash}`));
    const done = await perch(`user import ${passwords}`);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('300 rows: created 300') as string });
    expect((await perch('user export')).out.split('\n').filter((line) => line.startsWith('many-'))).toHaveLength(300);
  });

  test('that do not exist are said so', async () => {
    const none = { code: 0, note: 'There is no such user.' };
    expect(await perch('user list --q nobody-at-all')).toMatchObject({ ...none, out: '' });
    expect(await perch('user list --q nobody-at-all --json')).toMatchObject({ ...none, out: '[]' });
    expect(await perch('clients list --q nobody-at-all')).toMatchObject({ code: 0, note: 'There is no such client.' });
    expect(await perch('user disable nobody')).toMatchObject({
      code: 1,
      note: 'There is no user nobody. "perch user list" shows who there is.',
    });
  });
});

describe('the policy', () => {
  test('leaves as a file and comes back from it', async () => {
    const acl = await file('acl.conf', 'allow username pump 1 plant/%c/#\nallow clientid * 2 news\n');
    expect(await perch(`policy import ${acl} --dry-run`)).toMatchObject({
      code: 0,
      out: '2 rules; nothing was changed.',
    });
    expect((await perch(`policy import ${acl} --message moved`)).out).toContain('is live with 2 rules.');
    const exported = await perch('policy export');
    await perch(`policy import ${await file('empty.json', '{"rules":[]}')}`);
    expect((await perch(`policy import ${await file('kept.json', exported.out)}`)).out).toContain('with 2 rules.');
    expect((await perch('policy export --format acl.conf')).out).toContain('plant/%c/#');
    expect((await perch('policy show')).out).toMatch(/^Revision \d+, by api-key:admin of the test at /);
  });

  test('of a file that is wrong is not taken, and every error is told with its line', async () => {
    const wrong = await file('wrong.conf', 'allow username pump 1 a\nallow nobody x 1 a\nallow username pump 7 a\n');
    const refused = await perch(`policy import ${wrong}`);
    expect(refused.code).toBe(1);
    expect(refused.note).toMatch(/line 2[\s\S]*line 3/);
  });

  test('is asked, and the exit code is the answer', async () => {
    const may = await perch('policy explain publish plant/pump-1/state --client pump-1 --username pump');
    expect(may).toMatchObject({ code: 0, out: expect.stringMatching(/^Allowed by rule /m) as string });
    const mayNot = await perch('policy explain publish plant/pump-2/state --client pump-1 --username pump');
    expect(mayNot).toMatchObject({ code: 1, out: expect.stringMatching(/^Denied: no rule applies/m) as string });
  });

  test('is tested, and a test that fails is told by its words', async () => {
    const { rules } = JSON.parse((await perch('policy export')).out) as { rules: object[] };
    const test = { client: { clientId: 'pump-1', username: 'pump' }, action: 'subscribe', topic: 'news' };
    const tests = [
      { ...test, expect: 'allow' },
      { ...test, expect: 'deny' },
    ];
    const given = await file('tests.json', JSON.stringify({ rules, tests }));
    expect(await perch(`policy import ${given}`)).toMatchObject({
      code: 1,
      note: expect.stringContaining('test ') as string,
    });
    await runPerch(['policy', 'import', given, '--override-reason', 'the test'], { env });
    expect(await perch('policy test')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/pump-1 subscribe news: deny[\s\S]*1 passed, 1 failed\.$/) as string,
    });
    expect((await perch('policy lint')).code).toBe(0);
  });
});

describe('clients', () => {
  test('are listed, shown, published to and sent away', async () => {
    const { out: password } = await perch('user add seen');
    const client = await device('seen', password, 'seen-1');
    await client.subscribeAsync('news');
    const received = new Promise<string>((resolve) => client.on('message', (_, payload) => resolve(String(payload))));
    expect((await perch('publish news --file -', { input: 'hello' })).out).toBe('Taken by 1 subscription.');
    expect(await received).toBe('hello');
    expect((await perch('clients --state online')).out).toMatch(/^CLIENT ID .*\nseen-1 +online /m);
    expect((await perch('clients show seen-1')).out).toMatch(/user +seen[\s\S]*SUBSCRIPTION[^\n]*\nnews +0/);
    const closed = new Promise((resolve) => client.once('close', () => resolve(null)));
    expect((await perch('clients kick seen-1')).code).toBe(0);
    await closed;
  });
});

describe('the exit code', () => {
  test('tells a wrong command line, a server that is not there, and a key that may not', async () => {
    expect(await perch('user ad pump')).toMatchObject({ code: 2, note: expect.stringContaining('add') as string });
    expect((await perch('user frob')).note).toContain('"perch user --help" lists what there is.');
    expect((await perch('publish')).note).toContain('"perch publish --help" lists what there is.');
    expect((await perch('publish news')).code).toBe(2);
    expect((await perch('clients --server http://127.0.0.1:1')).code).toBe(3);
    expect((await perch('clients', { env: { PERCH_URL: api.app.url } })).code).toBe(4);
    const viewer = { PERCH_URL: api.app.url, PERCH_API_KEY: await keyFor('viewer') };
    expect(await perch('user add mine', { env: viewer })).toMatchObject({ code: 4, out: '' });
    expect((await perch('--version')).code).toBe(0);
  });

  test('is 3 where another program answers', async () => {
    const server = createHttpServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const note = expect.stringContaining(`What answers at ${url} is not Perch`) as string;
    expect(await perch(`clients --server ${url}`)).toMatchObject({ code: 3, out: '', note });
    server.close();
  });

  test('of the doctor is 1 where something would not work', async () => {
    const { httpPort } = api.app;
    const taken = { PERCH_HTTP_PORT: '0', PERCH_MQTT_PORT: String(httpPort), DATABASE_URL: 'postgres://127.0.0.1:1/x' };
    const found = await perch('doctor', { env: taken });
    expect(found.code).toBe(1);
    expect(found.out).toMatch(new RegExp(`ERROR +listener mqtt +0\\.0\\.0\\.0:${httpPort} cannot be opened`));
    expect(found.out).toMatch(/ERROR +database +It cannot be used/);
    const unsettled = await perch('doctor', { env: { PERCH_HTTP_PORT: 'many' } });
    expect(unsettled).toMatchObject({ code: 1, out: expect.stringMatching(/ERROR +settings/) as string });
  });
});

describe('with the server stopped', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database?.drop());
  const stopped = () => ({ env: { DATABASE_URL: database.url, PERCH_HTTP_PORT: '2' } });

  test('users and rules are changed in its database, checked and audited as ever', async () => {
    expect((await perch('user add offline --password-stdin', { ...stopped(), input: 'let me in' })).code).toBe(0);
    expect((await perch('user add offline', stopped())).code).toBe(1);
    const acl = await file('offline.conf', 'allow username offline 1 a\n');
    expect((await perch(`policy import ${acl}`, stopped())).code).toBe(0);
    const listed = await perch('user list --json', stopped());
    expect(JSON.parse(listed.out)).toMatchObject([{ username: 'offline' } satisfies Partial<User>]);
    expect((await perch('doctor', stopped())).out).toMatch(
      /ok +database +It is Postgres \d+; its tables are up to date/,
    );
  });

  test('settings may be named before the command as well as behind it', async () => {
    const config = await file('perch.json', JSON.stringify({ databaseUrl: database.url, httpPort: 2 }));
    for (const line of [`--config ${config} user list`, `--config=${config} user list`, `user list --config ${config}`])
      expect(await perch(line, { env: {} })).toMatchObject({ code: 0 });
  });

  test('nothing is subscribed to, as nobody could publish it', async () => {
    const note = 'No server runs here: start it, or name one with --server.';
    expect(await perch('subscribe news', stopped())).toMatchObject({ code: 3, out: '', note });
  });

  test('but not where a server runs on that database', async () => {
    const { databaseUrl = '' } = api.app.app.get<Config>(CONFIG);
    const refused = await perch('user list', { env: { DATABASE_URL: databaseUrl, PERCH_HTTP_PORT: '2' } });
    expect(refused).toMatchObject({
      code: 3,
      note: expect.stringContaining('A Perch server is running on this database') as string,
    });
  });
});

test('what a key did stands in the audit log under its name', async () => {
  const { body } = await api.admin.get<AuditPage>('/audit?action=users.create');
  expect(body.items.map(({ operator }) => operator)).toContain('api-key:admin of the test');
});

test('the audit log is verified on the server, and as an export without it', async () => {
  expect(await perch('audit verify')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Intact: \d+ entries/) as string,
  });
  const response = await fetch(`${api.app.url}/api/v1/audit/export`, {
    headers: { authorization: `Bearer ${env['PERCH_API_KEY']}` },
  });
  const text = await response.text();
  const nobody = { env: {} };
  const whole = await perch(`audit verify ${await file('audit.ndjson', text)}`, nobody);
  expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('from its beginning on') as string });
  const changed = await file('changed.ndjson', text.replace('"users.create"', '"users.remove"'));
  expect(await perch(`audit verify ${changed}`, nobody)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^BROKEN at entry/) as string,
  });
  expect((await perch(`audit verify ${await file('empty.ndjson', '')}`, nobody)).code).toBe(2);
  expect((await perch('audit verify no-such.ndjson', nobody)).note).toContain('ENOENT');
  expect((await perch('audit verify /tmp', nobody)).code).toBe(2);
  expect((await perch('audit verify --head short')).code).toBe(2);
  expect((await perch(`audit verify --head ${'0'.repeat(64)}`)).note).toContain('name its file');
});

test('a field that is wrong is told once, and several are listed', async () => {
  expect((await perch('user add brisk --password-stdin', { input: 'x' })).note).toBe(
    'password: must have at least 6 characters.',
  );
  const several = await runPerch(['user', 'add', '', '--password-stdin'], { env, input: 'x' });
  expect(several.note).toMatch(/^Some fields are not valid:\n {2}username: must not be empty\n {2}password: must have/);
});

test('a key that goes to another machine in clear is warned of', async () => {
  const elsewhere = api.app.url.replace('127.0.0.1', '0.0.0.0');
  expect((await perch(`user list --server ${elsewhere}`)).note).toContain('can be read on the way');
  expect((await perch('user list')).note).toBe('');
});

describe('moving in from Mosquitto', () => {
  const conf = async (text: string, more: Readonly<Record<string, string>>) => {
    const folder = scratchFolder();
    for (const [name, content] of Object.entries({ 'mosquitto.conf': text, ...more }))
      await writeFile(join(folder, name), content);
    return folder;
  };
  const passwd = `moved:$7$101$c2FsdHNhbHQ=$${Buffer.alloc(64, 1).toString('base64')}\n`;

  test('shows a plan, and does it when it is told to', async () => {
    const text = 'listener 1884\npassword_file passwd\nacl_file acl\nmax_keepalive 100\nconnection up\n';
    const folder = await conf(text, { passwd, acl: 'user moved\ntopic readwrite mine/#\n' });
    const early = await perch(`import mosquitto ${folder}/mosquitto.conf --write ${folder}/perch.json --apply`);
    expect(early).toMatchObject({
      code: 1,
      out: expect.stringContaining('access tests that are stored here') as string,
    });
    await perch(`policy import ${await file('none.json', '{"rules":[],"tests":[]}')}`);
    const plan = await perch(`import mosquitto ${folder}/mosquitto.conf --write ${folder}/perch.json`);
    expect(plan.code).toBe(0);
    expect(plan.out).toMatch(/mosquitto\.conf:5 +connection up +left-out/);
    expect(plan.out).toMatch(/would be created 1[\s\S]*acl: 1 rule\.[\s\S]*Nothing was changed/);
    expect(await usernames()).not.toContain('moved');
    const done = await perch(`import mosquitto ${folder}/mosquitto.conf --write ${folder}/perch.json --apply`);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('is live with 1 rule.') as string });
    expect(JSON.parse(await readFile(`${folder}/perch.json`, 'utf8'))).toMatchObject({
      maxKeepAliveSeconds: 100,
      listeners: [{ name: 'mqtt-1884', port: 1884 }],
    });
    expect((await perch('policy explain publish mine/x --client c --username moved')).code).toBe(0);
    const again = await perch(`import mosquitto ${folder}/mosquitto.conf --write ${folder}/perch.json --apply`);
    expect(again).toMatchObject({ code: 2, note: expect.stringContaining('is there already') as string });
  });

  test('changes nothing where a file is wrong, and says where', async () => {
    const folder = await conf('acl_file acl\npassword_file passwd\n', { passwd: 'x:y\n', acl: 'nonsense\n' });
    const { revision } = JSON.parse((await perch('policy show --json')).out) as { revision: number };
    const refused = await perch(`import mosquitto ${folder}/mosquitto.conf --write ${folder}/p.json --apply`);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/line 1/);
    expect((await perch('policy show --json')).out).toContain(`"revision": ${revision},`);
    expect((await perch(`import mosquitto ${folder}/none.conf`)).code).toBe(2);
    const foreign = await perch(`import mosquitto ${folder}/acl --write ${folder}/p.json --apply`);
    expect(foreign).toMatchObject({ code: 2, note: expect.stringContaining('is no mosquitto.conf') as string });
    expect((await perch('import retained localhost')).note).toContain('write it as mqtt://localhost:1883');
  });
});

/** What it was about does not come then, and the test says so. */
const fail = () => undefined;

describe('messages', () => {
  test('are printed as they come, what is kept first, until there were enough', async () => {
    await perch('publish bell first --retain');
    const ran = perch('subscribe bell --count 2', {
      saw: (line) => {
        if (line === 'bell first') perch('publish bell second').catch(fail);
      },
    });
    expect(await ran).toMatchObject({ code: 0, out: 'bell first\nbell second' });
  });

  test('end when somebody has had enough, and a filter that is none is said so', async () => {
    const enough = new AbortController();
    const ran = perch('subscribe bell --json', { saw: () => enough.abort(), interrupted: enough.signal });
    expect(await ran).toMatchObject({ code: 0, out: expect.stringContaining('"payload":"first"') as string });
    expect((await perch('subscribe a/#/b')).code).toBe(1);
  });

  test('end with the key', async () => {
    const { body } = await api.admin.post<IssuedApiKey>('/api-keys', {
      name: 'brief',
      role: 'operator',
      expiresAt: null,
    });
    const own = { PERCH_URL: api.app.url, PERCH_API_KEY: body.secret };
    const ran = perch('subscribe bell', {
      env: own,
      saw: () => {
        api.admin.delete(`/api-keys/${body.key.id}`).catch(fail);
      },
    });
    expect(await ran).toMatchObject({ code: 1, note: expect.stringContaining('The server ended it') as string });
  });
});

test('all configuration goes into one file, and comes back from it after a look', async () => {
  const path = join(scratchFolder(), 'backup.json');
  await perch('user add kept');
  expect(await perch(`backup ${path}`)).toMatchObject({ code: 0, out: '' });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await perch(`backup ${path}`)).toMatchObject({ code: 2, note: expect.stringContaining('EEXIST') as string });
  await perch('user delete kept');
  const plan = await perch(`restore ${path} --section users`);
  expect(plan.out).toMatch(/\+ +kept[\s\S]*users +1 +0 +0 +0 [\s\S]*Nothing was changed\. Add --apply/);
  expect((await perch(`restore ${path} --section users --apply`)).out).toContain('Restored.');
  expect(await usernames()).toContain('kept');
  expect((await perch(`restore ${await file('no.json', '{}')}`)).code).toBe(1);
});

describe('what another broker retains', () => {
  const source = () => `mqtt://127.0.0.1:${api.app.mqttPort}`;

  test('is read over MQTT and kept here, with its properties and its end', async () => {
    await perch(`policy import ${await file('source.conf', 'allow username source 3 shelf/#\n')}`);
    await perch('user add source --password-stdin', { input: 'let me in' });
    const publisher = await connectAsync(source(), { username: 'source', password: 'let me in', protocolVersion: 5 });
    const properties = { contentType: 'text/plain', messageExpiryInterval: 1000, userProperties: { a: ['1', '2'] } };
    await publisher.publishAsync('shelf/one', 'first', { qos: 1, retain: true, properties });
    await publisher.publishAsync('shelf/two', Buffer.from([0, 255]), { qos: 1, retain: true });
    await publisher.endAsync();
    const read = `import retained ${source()} --filter shelf/# --username source --password-stdin --quiet 0.5`;
    const plan = await perch(read, { input: 'let me in' });
    expect(plan).toMatchObject({ code: 0, note: expect.stringContaining('Read 2 retained messages') as string });
    expect(plan.out).toMatch(/would be created 0, replaced 2[\s\S]*Nothing was changed/);
    expect((await perch(`${read} --apply`, { input: 'let me in' })).out).toContain('created 0, replaced 2');
    const { body } = await api.admin.get<RetainedMessage>('/retained/message?topic=shelf/one');
    expect(body).toMatchObject({
      publisher: expect.not.stringContaining('source') as string,
      expiresAt: expect.any(String) as string,
      properties: {
        contentType: 'text/plain',
        userProperties: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
    });
  });

  test('comes from a broker that speaks MQTT 3 alone, too', async () => {
    const broker = await Aedes.createBroker();
    const server = createServer(broker.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const publisher = await connectAsync(url);
    for (let at = 0; at < 500; at++) await publisher.publishAsync(`old/${at}`, `value ${at}`, { retain: true });
    await publisher.endAsync();
    // What is published meanwhile keeps nobody waiting.
    const busy = await connectAsync(url);
    const traffic = setInterval(() => busy.publish('old/live', 'x'), 50);
    const moved = await perch(`import retained ${url} --quiet 0.5 --apply`);
    clearInterval(traffic);
    await busy.endAsync();
    expect(moved.out).toContain('created 500, replaced 0');
    const { body } = await api.admin.get<RetainedMessage>('/retained/message?topic=old/499');
    expect(Buffer.from(body.payload, 'base64').toString()).toBe('value 499');
    await new Promise<void>((resolve) => broker.close(() => server.close(() => resolve())));
  });

  test('that does not answer, or lets nobody in, is said so', async () => {
    expect(await perch('import retained mqtt://127.0.0.1:2')).toMatchObject({
      code: 1,
      note: expect.stringMatching(/cannot be read: .*ECONNREFUSED/) as string,
    });
    expect((await perch(`import retained ${source()}`)).note).toMatch(/cannot be read: .*[Nn]ot authorized/);
  });
});
