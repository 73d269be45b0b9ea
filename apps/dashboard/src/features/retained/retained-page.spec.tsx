import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { openPage, type Routes } from '../../testing/open-page.js';
import { base64OfBytes } from '../../shared/payload/payload.js';

let close = () => {};
afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

async function open(role: 'viewer' | 'operator', routes: Routes, address: string) {
  const page = await openPage(role, address, routes);
  close = page.close;
  return page;
}

const anItem = (topic: string) => ({
  topic,
  size: 7,
  qos: 1,
  publisher: 'dev-1',
  storedAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
});
const listOf =
  (...topics: string[]): Routes[string] =>
  () => ({ body: { items: topics.map(anItem), next: null, total: topics.length } });
const messageOf = (payload: Uint8Array): Routes[string] => {
  return ({ search }) => ({
    body: {
      ...anItem(search.get('topic') ?? ''),
      payload: base64OfBytes(payload),
      properties: {
        contentType: 'application/json',
        userProperties: [
          { name: 'hop', value: 'first' },
          { name: 'unit', value: 'celsius' },
          { name: 'hop', value: 'second' },
        ],
      },
    },
  });
};
const utf8 = (text: string) => new TextEncoder().encode(text);

test('the filter of the address is the filter of the list', async () => {
  const server = await open('operator', { 'GET /retained': listOf('plant/1') }, '/retained?filter=plant/%2B');
  expect(await screen.findByText('plant/1')).toBeTruthy();
  const asked = server.seen.find(({ route }) => route === 'GET /retained');
  expect(asked?.search.get('filter')).toBe('plant/+');
});

test('a filter that is none is not sent, and explained', async () => {
  const server = await open('operator', { 'GET /retained': listOf() }, '/retained?filter=a/%23/b');
  expect(await screen.findByText(/not a topic filter/)).toBeTruthy();
  expect(server.seen.some(({ route }) => route === 'GET /retained')).toBe(false);
});

test('a JSON payload opens as a tree, with its properties', async () => {
  await open(
    'operator',
    { 'GET /retained': listOf('t'), 'GET /retained/message': messageOf(utf8('{"temp":21}')) },
    '/retained?topic=t',
  );
  expect(await screen.findByText('temp:')).toBeTruthy();
  expect(screen.getByText('application/json')).toBeTruthy();
});

test('user properties are shown in the order in which they were sent, a name as often as it came', async () => {
  await open(
    'operator',
    { 'GET /retained': listOf('t'), 'GET /retained/message': messageOf(utf8('x')) },
    '/retained?topic=t',
  );
  const properties = await screen.findByLabelText('MQTT 5 properties');
  const shown = [...properties.querySelectorAll('dl > div')].map(({ textContent }) => textContent);
  expect(shown.slice(1)).toEqual(['hopfirst', 'unitcelsius', 'hopsecond']);
});

test('a binary payload opens as hex', async () => {
  await open(
    'operator',
    { 'GET /retained': listOf('t'), 'GET /retained/message': messageOf(Uint8Array.of(0xff, 0x41)) },
    '/retained?topic=t',
  );
  expect(await screen.findByText(/ff 41/)).toBeTruthy();
});

test('a viewer sees the list, and which permission payloads need', async () => {
  const server = await open('viewer', { 'GET /retained': listOf('t') }, '/retained?topic=t');
  expect(await screen.findByText(/messages:read/)).toBeTruthy();
  expect(server.seen.some(({ route }) => route === 'GET /retained/message')).toBe(false);
});

test('deleting is done at once, and can be taken back', async () => {
  const server = await open(
    'operator',
    {
      'GET /retained': listOf('door/open'),
      'GET /retained/message': messageOf(utf8('yes')),
      'DELETE /retained/message': () => ({ status: 204 }),
      'POST /retained/message/restore': messageOf(utf8('yes')),
    },
    '/retained?topic=door/open',
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  expect(await screen.findByText('The retained message on door/open was deleted')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(server.seen.some(({ route }) => route.endsWith('restore'))).toBe(true));
  expect(server.seen.find(({ route }) => route.endsWith('restore'))?.search.get('topic')).toBe('door/open');
});

test('a message is published as written', async () => {
  const server = await open(
    'operator',
    { 'GET /retained': listOf(), 'POST /publish': () => ({ body: { delivered: 2 } }) },
    '/retained',
  );
  fireEvent.click((await screen.findAllByRole('button', { name: 'Publish a message' }))[0]!);
  fireEvent.change(await screen.findByLabelText('Topic'), { target: { value: 'door/open' } });
  fireEvent.change(screen.getByLabelText('Payload'), { target: { value: 'yes' } });
  fireEvent.click(screen.getByRole('button', { name: 'Publish' }));
  expect(await screen.findByText('Published; 2 subscriptions took it')).toBeTruthy();
  const sent = server.seen.find(({ route }) => route.startsWith('POST'));
  expect(sent?.body).toEqual({ topic: 'door/open', payload: 'yes', encoding: 'utf8', qos: 1, retain: true });
});

test.each([
  ['how many match', 1_200, '1 of 1,200 shown'],
  ['that there are more, where nobody has counted', null, '1 shown, there are more'],
])('a page that is not the last says %s', async (_what, total, said) => {
  const page = { items: [anItem('t')], next: 'dA', total };
  await open('operator', { 'GET /retained': () => ({ body: page }) }, '/retained');
  expect(await screen.findByText(said)).toBeTruthy();
});

const aJob = (state: string, rest = {}) => ({
  ...{ id: 'j1', kind: 'delete', filter: 'plant/#', state, startedBy: 'ana', startedAt: new Date().toISOString() },
  ...{ endedAt: null, total: 200, done: 50, skipped: 0, problem: null, undoUntil: null, isTooLargeToUndo: false },
  ...rest,
});
const jobsOf =
  (...items: object[]): Routes[string] =>
  () => ({ body: { items, undoMessages: 50_000, undoBytes: 1_000_000 } });

test('a sub-tree is deleted once its number is typed, in the background', async () => {
  const server = await open(
    'operator',
    {
      'GET /retained': listOf('plant/1'),
      'GET /retained/count': () => ({ body: { count: 51 } }),
      'GET /retained/jobs': jobsOf(),
      'POST /retained/jobs': () => ({ status: 201, body: aJob('running') }),
    },
    '/retained?filter=plant/%23',
  );
  fireEvent.click(await screen.findByRole('button', { name: 'All of these' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete…' }));
  const button = await screen.findByRole('button', { name: 'Delete 51' });
  expect(button.hasAttribute('disabled')).toBe(true);
  fireEvent.change(screen.getByLabelText(/51/), { target: { value: '51' } });
  fireEvent.click(button);
  await waitFor(() => expect(server.seen.some(({ route }) => route === 'POST /retained/jobs')).toBe(true));
  expect(server.seen.find(({ route }) => route === 'POST /retained/jobs')?.body).toEqual({
    filter: 'plant/#',
    expected: 51,
  });
});

test('what runs in bulk is seen by whoever comes, and can be stopped', async () => {
  const server = await open(
    'operator',
    {
      'GET /retained': listOf('plant/1'),
      'GET /retained/jobs': jobsOf(aJob('running')),
      'POST /retained/jobs/j1/stop': () => ({ body: aJob('stopped') }),
    },
    '/retained',
  );
  expect(await screen.findByText('Deleting what plant/# matches by ana')).toBeTruthy();
  expect(screen.getByText('50 of 200')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await waitFor(() => expect(server.seen.some(({ route }) => route.endsWith('stop'))).toBe(true));
});

test('what was deleted in bulk is told with what it left, and whether it can be undone', async () => {
  const endedAt = new Date().toISOString();
  const done = aJob('done', { endedAt, done: 199, skipped: 1, undoUntil: endedAt });
  await open('viewer', { 'GET /retained': listOf('a'), 'GET /retained/jobs': jobsOf(done) }, '/retained');
  expect(await screen.findByText(/^Deleted: 199 retained messages under plant\/# by ana; 1 left alone/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Undo' }).getAttribute('aria-disabled')).toBe('true');
});

test('the tree shows what is retained, with what is kept below', async () => {
  const node = {
    topic: 'plant',
    level: 'plant',
    subscribers: 0,
    subscribersBelow: 0,
    retainedBelow: 7,
    updatedAt: null,
  };
  const server = await open(
    'operator',
    {
      'GET /topics': () => ({ body: { items: [node], more: false } }),
      'GET /retained/count': () => ({ body: { count: 7 } }),
      'GET /retained/message': () => ({ status: 404, body: {} }),
    },
    '/retained?as=tree',
  );
  fireEvent.click(await screen.findByRole('treeitem', { name: 'plant, 7 retained messages below' }));
  expect(await screen.findByText('7 retained messages here and below')).toBeTruthy();
  expect(server.seen.find(({ route }) => route === 'GET /topics')?.search.get('of')).toBe('retained');
});

test('of a large payload the beginning is loaded, the rest when somebody wants it', async () => {
  const all = utf8('x'.repeat(300_000));
  const server = await open(
    'operator',
    {
      'GET /retained': listOf('t'),
      'GET /retained/message': ({ search }) => {
        const most = Number(search.get('maxPayloadBytes') ?? all.length);
        const payload = base64OfBytes(all.subarray(0, most));
        return { body: { ...anItem('t'), size: all.length, payload, properties: null } };
      },
    },
    '/retained?topic=t',
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Load all' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Load all' })).toBeNull());
  const asked = server.seen.filter(({ route }) => route === 'GET /retained/message');
  expect(asked.map(({ search }) => search.get('maxPayloadBytes'))).toEqual(['262144', null]);
});

test('a picture opens as one', async () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
  await open(
    'operator',
    { 'GET /retained': listOf('t'), 'GET /retained/message': messageOf(png) },
    '/retained?topic=t',
  );
  const image = await screen.findByRole('img', { name: 'The payload as a picture' });
  expect(image.getAttribute('src')).toBe(`data:image/png;base64,${base64OfBytes(png)}`);
});

test('nothing retained: says what would be here', async () => {
  await open('operator', { 'GET /retained': listOf() }, '/retained');
  expect(await screen.findByText('Nothing is retained')).toBeTruthy();
});
