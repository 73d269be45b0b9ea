import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admitCaller, Caller } from '../../caller.js';
import { anyListener } from '../../listener-terms.js';
import { aPolicy, Chance, mqttClient, newBroker, type TestBroker } from '../../testing/index.js';
import { readEventId } from './event-id.js';
import type { EventStream } from './event-stream.js';
import { openEventStream } from './open-event-stream.js';

/** What one response is written, until it is full or gone. */
class Sink {
  text = '';
  isFull = false;
  hasEnded = false;

  write(chunks: readonly Buffer[]): boolean {
    this.text += Buffer.concat(chunks).toString();
    return !this.isFull;
  }

  end(): void {
    this.hasEnded = true;
  }

  /** The payloads of the messages, in their order. */
  get payloads(): string[] {
    return [...this.text.matchAll(/^data: (\{"topic".*)$/gm)].map(
      ([, data = '']) => (JSON.parse(data) as { payload: string }).payload,
    );
  }

  get lastId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }
}

async function open(it: TestBroker, { filters = ['#'], from = '', clientId = 'eyes' } = {}) {
  const call = { clientId, isAssigned: false, username: 'joy', password: null, address: null, certificateName: null };
  const caller = await admitCaller(it.broker, call);
  if (!(caller instanceof Caller)) throw new Error(caller);
  const sink = new Sink();
  const point = from === '' ? null : (readEventId(from) ?? ('unknown' as const));
  const came = { port: null, terms: anyListener, certificateName: null };
  const request = { ...came, caller, filters, retained: true, isClient: true, from: point };
  const stream = (await openEventStream(it.broker, request, sink)) as EventStream;
  it.clock.turn();
  return { sink, stream };
}

const accepting = () => newBroker({ authenticator: { authenticate: () => ({ accepted: true, username: 'joy' }) } });

test('a reader that is slow loses the oldest, is told how many, and nobody else loses any', async () => {
  const it = newBroker({
    authenticator: { authenticate: () => ({ accepted: true, username: 'joy' }) },
    limits: { outboxBytes: 4_000 },
  });
  const { sink, stream } = await open(it);
  const quick = await open(it, { clientId: 'quick' });
  const publisher = mqttClient(it, { clientId: 'device' });
  sink.isFull = true;
  for (let i = 0; i < 200; i++) publisher.publish('a', `${i}`);
  it.clock.turn();
  sink.isFull = false;
  stream.link.drained();
  it.clock.turn();
  const told = Number(/event: dropped\ndata: \{"count":(\d+)\}/.exec(sink.text)?.[1]);
  expect(told).toBeGreaterThan(100);
  expect(sink.payloads).toHaveLength(200 - told);
  expect(sink.payloads.at(-1)).toBe('199');
  expect(quick.sink.payloads).toHaveLength(200);
  const { streamsOpened, streamsClosed, eventsSent, eventsDropped } = it.broker.counters;
  expect([streamsOpened, streamsClosed, eventsSent, eventsDropped]).toEqual([2, 0, 400 - told, told]);
  expect([stream.sent, stream.dropped]).toEqual([200 - told, told]);
});

test('what is not kept any more when a client comes back is told as a gap', async () => {
  const it = newBroker({
    authenticator: { authenticate: () => ({ accepted: true, username: 'joy' }) },
    limits: { resumeMessages: 5 },
  });
  const { sink, stream } = await open(it);
  const publisher = mqttClient(it, { clientId: 'device' });
  publisher.publish('a', 'first');
  it.clock.turn();
  stream.link.broke();
  for (let i = 0; i < 20; i++) publisher.publish('a', `${i}`);
  const again = await open(it, { from: sink.lastId });
  expect(again.sink.text).toContain('event: gap\ndata: {"lost":15}');
  expect(again.sink.payloads).toEqual(['15', '16', '17', '18', '19']);
});

test('after the window it is a new stream; a quiet one is kept alive', async () => {
  const it = accepting();
  const { sink, stream } = await open(it);
  mqttClient(it, { clientId: 'device' }).publish('a', 'x');
  it.clock.advance(16_000);
  expect(sink.text.endsWith(': \n\n')).toBe(true);
  stream.link.broke();
  expect(it.broker.presence.get('eyes')).toMatchObject({ online: false, reason: 'connection-lost' });
  it.clock.advance(121_000);
  expect(it.broker.sessions.get('eyes')).toBeUndefined();
  const again = await open(it, { from: sink.lastId });
  expect(again.sink.text).toContain('event: gap\ndata: {"lost":null}');
  expect([stream.closeReason, it.broker.counters.streamsClosed]).toEqual(['connection-lost', 1]);
});

test('a rule that takes all filters away ends it, one that takes some is told', async () => {
  const it = newBroker({
    authenticator: { authenticate: () => ({ accepted: true, username: 'joy' }) },
    policy: aPolicy({ access: 'sub', topics: ['a', 'b'] }),
  });
  const { sink } = await open(it, { filters: ['a', 'b'] });
  it.broker.setPolicy(aPolicy({ access: 'sub', topics: ['b'] }));
  it.clock.turn();
  expect([sink.text.includes('event: revoked\ndata: {"filters":["a"]}'), sink.hasEnded]).toEqual([true, false]);
  it.broker.setPolicy(aPolicy());
  expect([sink.text.includes('event: end\ndata: {"reason":"not-authorized"}'), sink.hasEnded]).toEqual([true, true]);
  expect(it.broker.sessions.get('eyes')).toBeUndefined();
});

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.string().map((text) => Buffer.from(text)),
);

test('whatever is published and however often the response breaks, each event is whole and nothing is lost or repeated', async () => {
  const it = newBroker({
    authenticator: { authenticate: () => ({ accepted: true, username: 'joy' }) },
    limits: { resumeMessages: 1_000_000 },
  });
  const publisher = mqttClient(it, { clientId: 'device' });
  const payloads = fc.sample(payload, { numRuns: 499, seed: 1 });
  const text = (bytes: Buffer) =>
    bytes.toString(Buffer.compare(Buffer.from(bytes.toString()), bytes) === 0 ? 'utf8' : 'base64');
  let { sink, stream } = await open(it);
  let sent: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    const bytes = payloads[i % payloads.length] as Buffer;
    publisher.send({ cmd: 'publish', topic: 'fuzz/a', payload: bytes, qos: 0, retain: false, dup: false });
    sent.push(text(bytes));
    if (i % 997 !== 0) continue;
    it.clock.turn();
    expect(sink.payloads).toEqual(sent);
    sent = [];
    const from = sink.lastId;
    stream.link.broke();
    ({ sink, stream } = await open(it, { from }));
  }
  expect(it.faults).toEqual([]);
});

test('a Last-Event-ID may be anything', () => {
  const chance = new Chance(1);
  const session = 'x'.repeat(24);
  const names = [() => Buffer.from(chance.text(9)).toString('base64url'), () => chance.text(9)];
  for (let each = 0; each < 20_000; each++) {
    const point = readEventId(
      `${chance.of(names)()}.${session}.${chance.oneIn(2) ? chance.number(99) : chance.text(9)}`,
    );
    if (point) expect([point.session, Number.isSafeInteger(point.offset)]).toEqual([session, true]);
  }
});
