import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../http/testing/api-client.js';
import { device } from '../http/testing/device.js';

/** A span as OTLP has it in JSON. */
interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** What a collector would get. */
const bodies: OtlpBody[] = [];
const headers: IncomingHttpHeaders[] = [];
let collector: Server;
let api: TestApi;

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const DEVICE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

const spans = () =>
  bodies.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
const factsOf = ({ attributes }: Pick<OtlpSpan, 'attributes'>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
const seen = (test: (span: OtlpSpan) => boolean) =>
  vi.waitFor(
    () => {
      const found = spans().find(test);
      if (!found)
        throw new Error(
          `There is no such span among ${spans()
            .map(({ name }) => name)
            .join(', ')}`,
        );
      return found;
    },
    { timeout: 15_000 },
  );

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      headers.push(request.headers);
      bodies.push(JSON.parse(Buffer.concat(parts).toString()) as OtlpBody);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  api = await startTestApi({
    env: {
      PERCH_ALLOW_ANONYMOUS: 'true',
      PERCH_POLICY_DEFAULT: 'allow',
      PERCH_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces`,
      PERCH_TRACES_HEADERS: '{"authorization":"Bearer for-the-collector"}',
      PERCH_TRACES_MESSAGE_RATIO: '1',
    },
  });
});

afterAll(async () => {
  await api?.app.close();
  collector.close();
});

test('a request goes on with the trace of its caller, and the database is a part of it', async () => {
  const response = await fetch(`${api.app.url}/api/v1/users?q=joy`, {
    headers: { cookie: api.admin.cookie, traceparent },
  });
  expect(response.status).toBe(200);
  const request = await seen(({ name, traceId }) => name === 'GET /api/v1/users' && traceId === CALLER.traceId);
  expect(request).toMatchObject({ parentSpanId: CALLER.spanId, kind: 2 });
  expect(factsOf(request)).toMatchObject({
    'http.request.method': 'GET',
    'http.route': '/api/v1/users',
    'http.response.status_code': 200,
    'perch.request.id': response.headers.get('x-request-id'),
  });
  const query = await seen(({ parentSpanId }) => parentSpanId === request.spanId);
  expect(query.traceId).toBe(CALLER.traceId);
  expect(factsOf(query)).toMatchObject({ 'db.system.name': 'postgresql' });
  expect(headers[0]).toMatchObject({ authorization: 'Bearer for-the-collector', 'content-type': 'application/json' });
  expect(factsOf(bodies[0]!.resourceSpans[0]!.resource)).toMatchObject({ 'service.name': 'perch' });
});

test('a connect is a span with its outcome, and no span holds a password', async () => {
  await device(api.app, { clientId: 'traced' });
  const admitted = await seen((span) => span.name === 'connect' && factsOf(span)['messaging.client.id'] === 'traced');
  expect(factsOf(admitted)).toMatchObject({ 'perch.outcome': 'accepted', 'network.protocol.name': 'mqtt3.1.1' });
  const password = Buffer.from('not-for-a-collector');
  await device(api.app, { clientId: 'stranger', username: 'nobody', password });
  const refused = await seen((span) => factsOf(span)['messaging.client.id'] === 'stranger');
  expect(factsOf(refused)).toMatchObject({ 'perch.outcome': 'bad-credentials', 'user.name': 'nobody' });
  expect(JSON.stringify(bodies)).not.toContain('not-for-a-collector');
});

test('a save of the rules leads to a span that says what it took away', async () => {
  const { body } = await api.admin.get<{ revision: number }>('/policy');
  const saved = await api.admin.put('/policy', { rules: [] }, { 'if-match': `"${body.revision}"` });
  expect(saved.status).toBe(200);
  const request = await seen(({ name }) => name === 'PUT /api/v1/policy');
  const enforced = await seen(({ name }) => name === 'set policy');
  expect(enforced.traceId).toBe(request.traceId);
  expect(factsOf(enforced)).toHaveProperty('perch.losses');
});

test('a message that carries a trace is a part of it, and passes it on as it is', async () => {
  const reader = await device(api.app, { clientId: 'reader', protocolVersion: 5 });
  reader.subscribe('traced/#');
  await vi.waitFor(() => expect(reader.last('suback')).toBeDefined());
  const writer = await device(api.app, { clientId: 'writer', protocolVersion: 5 });
  const own = `00-${DEVICE.traceId}-${DEVICE.spanId}-01`;
  writer.publish('traced/1', 'secret payload', { properties: { userProperties: { traceparent: own } } });
  await vi.waitFor(() => expect(reader.last('publish')).toBeDefined());
  expect(reader.last('publish')?.properties?.userProperties).toMatchObject({ traceparent: own });
  const span = await seen(({ name, traceId }) => name === 'publish' && traceId === DEVICE.traceId);
  expect(span.parentSpanId).toBe(DEVICE.spanId);
  expect(factsOf(span)).toMatchObject({ 'messaging.destination.name': 'traced/1', 'messaging.client.id': 'writer' });
  expect(JSON.stringify(bodies)).not.toContain('secret payload');
});
