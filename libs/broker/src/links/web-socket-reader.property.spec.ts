import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { type ClientFrame, clientFrame } from '../testing/client-frame.js';
import { PATIENCE_MS, runs } from '../testing/property-runs.js';
import { BINARY, CLOSE, CONTINUATION, framed, framedTogether, PING, PONG, TEXT } from './web-socket-frames.js';
import { type FrameType, WebSocketReader } from './web-socket-reader.js';
import { wildText } from '../testing/wild-text.js';

const MAX_BYTES = 70_000;

/** The reader of `ws`, which exports it without a type. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean; maxPayload: number }) => Writable;
};

/** What a reader made of a stream: messages, pings, and how it ended. */
interface Reading {
  readonly messages: string[];
  readonly pings: string[];
  readonly ending: string;
  /** Of each message: it is text. */
  readonly kinds: boolean[];
}

async function asWs(chunks: readonly Buffer[], isServer: boolean): Promise<Reading> {
  const messages: string[] = [];
  const pings: string[] = [];
  let ending = 'open';
  const receiver = new Receiver({ isServer, maxPayload: MAX_BYTES });
  const kinds: boolean[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    messages.push(data.toString('hex'));
    kinds.push(!isBinary);
  });
  receiver.on('ping', (data: Buffer) => pings.push(data.toString('hex')));
  receiver.on('conclude', (code: number, reason: Buffer) => (ending = `closed ${code} ${reason.toString()}`));
  const statusCode = (error: object) => Reflect.get(error, Object.getOwnPropertySymbols(error)[0]!) as number;
  receiver.on('error', (error) => (ending = `failed ${statusCode(error)}`));
  for (const chunk of chunks) if (ending === 'open' && !receiver.errored) receiver.write(Buffer.from(chunk));
  await new Promise((resolve) => setImmediate(resolve));
  return { messages, pings, ending, kinds };
}

function asOurs(chunks: readonly Buffer[], frames: FrameType): Reading {
  const kinds: boolean[] = [];
  const messages: string[] = [];
  const pings: string[] = [];
  let ending = 'open';
  const reader = new WebSocketReader(
    { frames, maxMessageBytes: MAX_BYTES },
    {
      data: (bytes, isText) => messages.push(bytes.toString('hex')) === kinds.push(isText),
      ping: (payload) => void pings.push(payload.toString('hex')),
      close: (payload) => {
        const code = payload.length === 0 ? 1005 : payload.readUInt16BE(0);
        ending = `closed ${code} ${payload.toString('utf8', 2)}`;
      },
      fault: ({ code }) => (ending = `failed ${code}`),
    },
  );
  // A copy of its own: the reader writes into it.
  for (const chunk of chunks) expect(reader.read(Buffer.from(chunk))).toBe(chunk.length);
  return { messages, pings, ending, kinds };
}

const cuts = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 70_000 })), {
  minLength: 1,
  maxLength: 8,
});

/** Cut in these lengths again and again; what is left after many pieces is the last. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length && i < 300; i++) {
    const length = lengths[i % lengths.length]!;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...chunks, bytes.subarray(at)];
}

const small = fc.uint8Array({ maxLength: 40 });
const large = fc
  .tuple(fc.constantFrom(125, 126, 127, 128, 131, 300, 65_535, 65_536, 70_000), fc.nat({ max: 255 }))
  .map(([length, seed]) => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff));
const binary = fc
  .oneof({ weight: 5, arbitrary: small }, { weight: 1, arbitrary: large })
  .map((bytes) => Buffer.from(bytes));
const text = fc.oneof(
  wildText({ maxLength: 30 }).map((value) => Buffer.from(value)),
  fc.constantFrom(125, 126, 130, 65_535, 65_536).map((length) => Buffer.alloc(length, 'x')),
);
const masks = fc.uint8Array({ minLength: 4, maxLength: 4 });
const control: fc.Arbitrary<ClientFrame> = fc.record({
  opcode: fc.constantFrom(PING, PONG),
  payload: fc.uint8Array({ maxLength: 125 }).map((bytes) => Buffer.from(bytes)),
  mask: masks,
});

/** A message as one frame or several, with control frames between them. */
const messageOf = (opcode: number, payloads: fc.Arbitrary<Buffer>): fc.Arbitrary<ClientFrame[]> =>
  fc
    .tuple(payloads, fc.array(fc.nat({ max: 1000 }), { maxLength: 3 }), fc.array(control, { maxLength: 2 }), masks)
    .map(([payload, fragments, controls, mask]) => {
      const ends = fragments.map((part) => Math.floor((payload.length * part) / 1000)).sort((a, b) => a - b);
      const starts = [0, ...ends];
      const frames = starts.map((start, i): ClientFrame => {
        const kind = i === 0 ? opcode : CONTINUATION;
        return { opcode: kind, payload: payload.subarray(start, starts[i + 1]), isFinal: i === ends.length, mask };
      });
      frames.splice(1, 0, ...controls);
      return frames;
    });

/** Anything that has the shape of a frame. */
const odd: fc.Arbitrary<ClientFrame[]> = fc
  .record({
    opcode: fc.nat({ max: 15 }),
    payload: fc.uint8Array({ maxLength: 130 }).map((bytes) => Buffer.from(bytes)),
    isFinal: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 1, 4),
    isMasked: fc.constantFrom(true, true, true, false),
    lengthBits: fc.constantFrom(7, 16, 64),
  })
  .map((frame) => [frame]);
const closing: fc.Arbitrary<ClientFrame[]> = fc
  .tuple(fc.oneof(fc.integer({ min: 990, max: 1020 }), fc.nat({ max: 65_535 })), wildText({ maxLength: 20 }))
  .map(([code, reason]) => [
    { opcode: CLOSE, payload: Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]) },
  ]);

const unwanted: Record<FrameType, number> = { text: BINARY, binary: TEXT, messages: -1 };
const wholeMessages: Record<FrameType, fc.Arbitrary<ClientFrame[]>> = {
  text: messageOf(TEXT, text),
  binary: messageOf(BINARY, binary),
  messages: fc.oneof(messageOf(TEXT, text), messageOf(BINARY, binary)),
};

const streamOf = (type: FrameType) =>
  fc
    .array(
      fc.oneof(
        { weight: 12, arbitrary: wholeMessages[type] },
        { weight: 2, arbitrary: control.map((frame) => [frame]) },
        { weight: 1, arbitrary: closing },
        { weight: 1, arbitrary: odd },
      ),
      { maxLength: 12, size: 'max' },
    )
    .map((messages) => messages.flat().filter(({ opcode }) => opcode !== unwanted[type]))
    .map((frames) => Buffer.concat(frames.map(clientFrame)));

test.each<FrameType>(['text', 'messages'])(
  '%s is read as `ws` reads it, however the stream is cut',
  { timeout: PATIENCE_MS },
  async (type) => {
    await fc.assert(
      fc.asyncProperty(streamOf(type), cuts, async (stream, lengths) => {
        const chunks = pieces(stream, lengths);
        expect(asOurs(chunks, type)).toEqual(await asWs(chunks, true));
      }),
      runs(500),
    );
  },
);

test('binary is the stream of what `ws` reads, however it is cut', { timeout: PATIENCE_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(streamOf('binary'), cuts, async (stream, lengths) => {
      const chunks = pieces(stream, lengths);
      const { messages, pings, ending } = asOurs(chunks, 'binary');
      const expected = await asWs(chunks, true);
      expect({ pings, ending }).toEqual({ pings: expected.pings, ending: expected.ending });
      // A message that never ended is in it as far as it came.
      expect(messages.join('').startsWith(expected.messages.join(''))).toBe(true);
      // All that a chunk carries is handed over at once.
      expect(messages.length).toBeLessThanOrEqual(chunks.length);
    }),
    runs(600),
  );
});

test('what is written is what `ws` reads', { timeout: PATIENCE_MS }, async () => {
  const texts = fc.array(text, { minLength: 1, maxLength: 8 });
  const packets = fc.array(binary, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, packets, cuts, async (messages, parts, lengths) => {
      const written = Buffer.concat([...framed(TEXT, messages), ...framedTogether(BINARY, [])]);
      const { messages: heard, ending } = await asWs(pieces(written, lengths), false);
      expect(heard).toEqual([...messages.map((each) => each.toString('hex')), '']);
      expect(ending).toBe('open');
      const packet = Buffer.concat(parts);
      fc.pre(packet.length <= MAX_BYTES);
      const one = await asWs(pieces(Buffer.concat(framedTogether(BINARY, parts)), lengths), false);
      expect(one).toEqual({ messages: [packet.toString('hex')], pings: [], ending: 'open', kinds: [false] });
    }),
    runs(300),
  );
});
