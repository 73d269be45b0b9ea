import { expect, test, vi } from 'vitest';
import { ApiError } from '../../../shared/api/api-error.js';
import type { TailLine, TailMessage } from '../../../shared/api/generated/types.gen.js';
import { fieldLines } from './field-lines.js';
import { TailFeed } from './tail-feed.js';

const aMessage = (payload: string, topic = 'plant/1'): TailMessage => ({
  topic,
  at: '2026-01-01T00:00:00.000Z',
  qos: 0,
  retain: false,
  publisher: 'pump',
  size: payload.length,
  payload,
  encoding: 'utf8',
  properties: null,
});

/** A feed, and what the server says in its stream. */
function aFeed() {
  const asked: { filter: string; confirmed: boolean }[] = [];
  let stream: ReadableStreamDefaultController<Uint8Array>;
  const feed = new TailFeed((input, signal) => {
    asked.push(input);
    if (input.filter === '#' && !input.confirmed)
      return Promise.reject(new ApiError(409, { code: 'broad-filter', detail: 'broad' }));
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
    signal.addEventListener('abort', () => stream.error(new DOMException('aborted', 'AbortError')));
    return Promise.resolve(body);
  });
  const say = (...lines: TailLine[]) =>
    stream.enqueue(new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  return { feed, asked, say, end: () => stream.close() };
}

const started: TailLine = { type: 'started', perSecond: 50, payloadBytes: 16_384 };

test('keeps what was shown, newest first, and counts what was not', async () => {
  const { feed, say } = aFeed();
  feed.start({ filter: 'plant/#' });
  say(started);
  say({ type: 'batch', seen: 800, messages: [aMessage('1'), aMessage('2')] });
  say({ type: 'batch', seen: 800, messages: [aMessage('3')] });
  await vi.waitFor(() => expect(feed.current().rows).toHaveLength(3));
  const { rows, rate, total, status } = feed.current();
  expect(rows.map(({ message }) => message.payload)).toEqual(['3', '2', '1']);
  expect([rate, total, status]).toEqual([{ seen: 1_600, shown: 3 }, { seen: 1_600, shown: 3 }, 'live']);
  feed.stop();
  expect(feed.current()).toMatchObject({ status: 'ended', end: 'left', rate: { seen: 0, shown: 0 } });
  expect(feed.current().rows).toHaveLength(3);
});

test('keeps no more than it may', async () => {
  const { feed, say } = aFeed();
  feed.start({ filter: 'plant/#' });
  const messages = Array.from({ length: 1_500 }, (_, i) => aMessage(String(i)));
  say(started, { type: 'batch', seen: 1_500, messages }, { type: 'batch', seen: 1_500, messages });
  await vi.waitFor(() => expect(feed.current().rows).toHaveLength(2_000));
});

test('a filter that reaches everything is asked about first', async () => {
  const { feed, asked } = aFeed();
  feed.start({ filter: '#' });
  await vi.waitFor(() => expect(feed.current().question).toEqual({ perSecond: null }));
  feed.start({ filter: '#' }, true);
  expect(asked.at(-1)).toEqual({ filter: '#', confirmed: true });
});

test('one that turns out to be busy is asked about with what there is', async () => {
  const { feed, say } = aFeed();
  feed.start({ filter: 'plant/#' });
  say(started, { type: 'ended', reason: 'busy', perSecond: 3_200 });
  await vi.waitFor(() => expect(feed.current()).toMatchObject({ end: 'busy', question: { perSecond: 3_200 } }));
});

test('a stream that breaks off is told as lost', async () => {
  const { feed, say, end } = aFeed();
  feed.start({ filter: 'plant/#' });
  say(started);
  end();
  await vi.waitFor(() => expect(feed.current()).toMatchObject({ status: 'ended', end: 'lost' }));
});

test('the numbers at a path become a line for each topic', () => {
  const rows = [aMessage('{"t":2}', 'b'), aMessage('{"t":"x"}'), aMessage('{"t":1}'), aMessage('none')].map(
    (message, id) => ({ id, message }),
  );
  expect(fieldLines(rows, ['t'])).toEqual({
    times: [Date.parse('2026-01-01T00:00:00.000Z')],
    lines: [
      { label: 'plant/1', values: [1] },
      { label: 'b', values: [2] },
    ],
  });
});
