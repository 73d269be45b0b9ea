import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ApiClient, startTestApi, type TestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import { startTestApp } from '../../testing/start-test-app.js';
import type { MetricList } from './metrics.schemas.js';
import { checkExposition } from './testing/check-exposition.js';

const TOKEN = 'a token of sixteen or more';

let api: TestApi;
let root: ApiClient;
beforeAll(async () => {
  const env = { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow', PERCH_METRICS_TOKEN: TOKEN };
  api = await startTestApi({ env });
  root = new ApiClient(api.app.url, '');
});
afterAll(() => api?.app.close());

const scrape = async (headers: Record<string, string> = {}) => {
  const {
    status,
    body,
    headers: answered,
  } = await root.get<string>('/metrics', {
    authorization: `Bearer ${TOKEN}`,
    ...headers,
  });
  return { status, body, type: answered.get('content-type') };
};

describe('what Prometheus collects', () => {
  test('is text that keeps to its rules, and follows what clients do', async () => {
    const client = await device(api.app, { clientId: 'a "quoted" \\ client' });
    client.subscribe('t/#').publish('t/1', 'four');
    await device(api.app, { clientId: 'guest', username: 'nobody', password: Buffer.from('guess') });
    const { status, body, type } = await scrape();
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const samples = checkExposition(body);
    expect(samples.get('perch_clients{state="online"}')).toBe(1);
    expect(samples.get('perch_messages_received_total')).toBeGreaterThanOrEqual(1);
    expect(samples.get('perch_received_payload_bytes_total')).toBeGreaterThanOrEqual(4);
    expect(samples.get('perch_refusals_total{reason="bad-credentials"}')).toBe(1);
    expect(samples.get('perch_database_up')).toBe(1);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(body).not.toContain('quoted');
  });

  test('is OpenMetrics for who accepts that, as Prometheus does', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
    const { body, type } = await scrape({ accept });
    expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body).toContain('# TYPE perch_connects counter\nperch_connects_total ');
    expect(body.endsWith('\n# EOF\n')).toBe(true);
  });
});

describe('who may collect', () => {
  test('nobody who does not sign in or know the token, also not from this machine', async () => {
    expect((await root.get('/metrics')).status).toBe(401);
    expect((await scrape({ authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
    expect((await scrape({ authorization: `Basic ${TOKEN}` })).status).toBe(401);
    expect((await scrape()).status).toBe(200);
    const viewer = new ApiClient(api.app.url, '');
    viewer.cookie = api.viewer.cookie;
    expect((await viewer.get('/metrics')).status).toBe(200);
  });

  test('the token opens nothing else', async () => {
    const { status } = await api.stranger.get('/stats', { authorization: `Bearer ${TOKEN}` });
    expect(status).toBe(401);
  });

  test('anyone, where the configuration says so', async () => {
    const open = await startTestApp({ env: { PERCH_METRICS_ACCESS: 'anyone' } });
    const { status, body } = await new ApiClient(open.url, '').get<string>('/metrics');
    expect(status).toBe(200);
    expect(checkExposition(body).get('perch_clients{state="online"}')).toBe(0);
    await open.close();
  });

  test('a browser that opens the address sees the page of the dashboard', async () => {
    const { headers } = await root.get<string>('/metrics', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(headers.get('content-type')).toContain('text/html');
    const { status } = await root.get('/metrics?format=prometheus', { accept: 'text/html,*/*;q=0.8' });
    expect(status).toBe(401);
  });
});

describe('the doors that are bare HTTP', () => {
  const basic = { authorization: `Basic ${btoa('pump:let me in')}` };
  const wrong = { authorization: `Basic ${btoa('pump:a guess')}` };
  const counted = async (names: RegExp) => {
    const samples = checkExposition((await scrape()).body);
    return Object.fromEntries([...samples].filter(([name]) => names.test(name)));
  };
  beforeAll(async () => {
    await api.operator.post('/users', { username: 'pump', password: 'let me in' });
    const secret = { id: 'r', effect: 'deny', subject: 'everyone', value: '*', access: 'pubsub', topics: ['secret/#'] };
    await api.admin.put('/policy', { rules: [secret] }, { 'if-match': '"1"' });
  });

  test('count requests, messages, and what they refuse by its reason', async () => {
    const caller = new ApiClient(api.app.url);
    const status = async (path: string, body: unknown, headers: object = basic) =>
      (await caller.post(path, body, headers)).status;
    const [fine, denied] = [
      { topic: 'a', payload: 'x' },
      { topic: 'secret/1', payload: 'x' },
    ];
    const once = { ...basic, 'idempotency-key': 'k' };
    const messages = [fine, denied, fine];
    expect([
      await status('/publish', fine),
      await status('/publish', fine, once),
      await status('/publish', fine, once),
      await status('/publish', denied),
      await status('/publish', fine, wrong),
      await status('/publish', '{'),
      await status('/publish/batch', { messages }),
      await status('/publish/batch', { messages: [] }),
      await status('/event/a/b', 'true'),
      await status('/event/secret/1', 'true'),
    ]).toEqual([200, 200, 200, 403, 401, 400, 200, 422, 204, 403]);
    const registry = new ApiClient(api.app.url, '/registry/api/v1');
    const instance = { instance_id: 'i', ip_addr: '10.0.0.7', port: 1 };
    expect((await registry.post('/services/mail', instance, basic)).status).toBe(204);
    expect((await registry.get('/services/mail')).status).toBe(401);
    expect((await registry.post('/services/mail', {}, basic)).status).toBe(400);
    expect(await counted(/^perch_(http|registry)/)).toEqual({
      'perch_http_requests_total{door="publish"}': 6,
      'perch_http_requests_total{door="batch"}': 2,
      'perch_http_requests_total{door="event"}': 2,
      'perch_http_requests_total{door="subscribe"}': 0,
      'perch_http_requests_total{door="registry"}': 3,
      'perch_http_published_messages_total{door="publish"}': 2,
      'perch_http_published_messages_total{door="batch"}': 2,
      'perch_http_published_messages_total{door="event"}': 1,
      'perch_http_publish_refusals_total{reason="not-authorized"}': 1,
      'perch_http_publish_refusals_total{reason="bad-credentials"}': 1,
      'perch_http_publish_refusals_total{reason="bad-json"}': 1,
      'perch_http_batch_refusals_total{reason="not-authorized"}': 1,
      'perch_http_batch_refusals_total{reason="invalid-fields"}': 1,
      'perch_http_event_refusals_total{reason="not-authorized"}': 1,
      'perch_http_registry_refusals_total{reason="sign-in-required"}': 1,
      'perch_http_registry_refusals_total{reason="bad-request"}': 1,
      perch_http_repeated_requests_total: 1,
      perch_http_forgotten_answers_total: 0,
      perch_http_remembered_results: 1,
      perch_registry_instances: 1,
      perch_registry_instances_limit: 10_000,
      perch_registry_registered_total: 1,
      perch_registry_expired_total: 0,
    });
  });

  test('count event streams, and the messages that they bring', async () => {
    const open = (filter: string) =>
      fetch(`${api.app.url}/api/v1/subscribe?filter=${encodeURIComponent(filter)}`, { headers: basic });
    expect((await open('secret/#')).status).toBe(403);
    const stream = (await open('s/#')).body!.getReader();
    await stream.read();
    expect(await counted(/^perch_event_streams/)).toMatchObject({
      perch_event_streams: 1,
      perch_event_streams_opened_total: 1,
      perch_event_streams_sent_messages_total: 0,
    });
    (await device(api.app, { clientId: 'speaker' })).publish('s/1', 'x').publish('s/2', 'x');
    const sent = { perch_event_streams_sent_messages_total: 2, perch_event_streams_dropped_messages_total: 0 };
    await vi.waitFor(async () => expect(await counted(/^perch_event_streams/)).toMatchObject(sent));
    await stream.cancel();
    await vi.waitFor(async () =>
      expect(await counted(/^perch_event_streams/)).toMatchObject({ perch_event_streams: 0 }),
    );
    expect(await counted(/^perch_http_subscribe/)).toEqual({
      'perch_http_subscribe_refusals_total{reason="not-authorized"}': 1,
    });
  });
});

test('every metric that the Grafana dashboard asks for is there', async () => {
  const dashboard = readFileSync(new URL('../../../../../docs/grafana/perch.json', import.meta.url), 'utf8');
  const asked = [...dashboard.matchAll(/(?<![\w$])((?:perch|process|nodejs)_\w+)/g)].map(([, name]) => name);
  const { items } = (await api.viewer.get<MetricList>('/series/metrics')).body;
  const known = new Set(items.map(({ name }) => name));
  expect(new Set(asked).size).toBeGreaterThan(25);
  expect(asked.filter((name) => !known.has(name!))).toEqual([]);
});
