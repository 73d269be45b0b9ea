import { afterEach, describe, expect, test } from 'vitest';
import { clientFrame, type ClientFrame } from '../testing/client-frame.js';
import { Echo, WebSocketPeer } from '../testing/web-socket-peer.js';
import { BINARY, CLOSE, CONTINUATION, framed, PING, PONG, TEXT } from './web-socket-frames.js';
import type { FrameType } from './web-socket-reader.js';

afterEach(() => WebSocketPeer.closeAll());

/** Notes each message with its kind, and says nothing. */
class Listener extends Echo {
  override received(bytes: Buffer, isText = false): void {
    this.events.push(`${isText ? 'text' : 'binary'} ${bytes.toString('hex')}`);
  }
}

/** What somebody hears who sends these frames to an echo, and then closes in order. */
async function conversation(frames: readonly ClientFrame[], type: FrameType = 'text', pieceBytes?: number) {
  const peer = await WebSocketPeer.connect(type, type === 'messages' ? new Listener() : new Echo());
  const bytes = Buffer.concat([...frames, { opcode: CLOSE, payload: code(1000) }].map(clientFrame));
  peer.write(bytes, pieceBytes);
  await peer.ended;
  const heard = peer.frames.filter(({ opcode }) => opcode !== CLOSE);
  return { heard, closeCode: peer.closeCode, events: peer.handler.events };
}

/** The code that somebody is closed with who sends these frames. */
async function refusal(frames: readonly ClientFrame[], type: FrameType = 'text') {
  const { closeCode, events, heard } = await conversation(frames, type);
  expect(events[0]).toMatch(/^broken: /);
  return { closeCode, heard };
}

function code(value: number, reason: string | Buffer = ''): Buffer {
  return Buffer.concat([Buffer.from([value >> 8, value & 0xff]), Buffer.from(reason)]);
}

const text = (payload: string): ClientFrame => ({ opcode: TEXT, payload });
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const lengths = [0, 1, 125, 126, 127, 128, 65_535, 65_536];

describe('1 frames', () => {
  test.each(lengths)('a text of %d bytes comes as it was sent', async (length) => {
    const { heard, closeCode } = await conversation([text('*'.repeat(length))]);
    expect(heard).toEqual([{ opcode: TEXT, payload: Buffer.alloc(length, '*') }]);
    expect(closeCode).toBe(1000);
  });

  test.each(lengths.slice(1))('so do %d bytes of binary', async (length) => {
    const payload = Buffer.from(Array.from({ length }, (_, i) => i % 251));
    const { heard } = await conversation([{ opcode: BINARY, payload }], 'binary');
    expect(Buffer.concat(heard.map((frame) => frame.payload)).equals(payload)).toBe(true);
    expect(heard.every(({ opcode }) => opcode === BINARY)).toBe(true);
  });

  test.each([1, 2, 3, 7, 997])('also in pieces of %d bytes', async (pieceBytes) => {
    const frames = [text('a'), text('*'.repeat(pieceBytes < 10 ? 300 : 65_536)), text('z')];
    const { heard } = await conversation(frames, 'text', pieceBytes);
    expect(heard.map(({ payload }) => payload.toString())).toEqual(frames.map(({ payload }) => payload));
  });

  test.each([7, 16, 64] as const)('a length may be written in %d bits', async (lengthBits) => {
    const { heard } = await conversation([{ ...text('short'), lengthBits }]);
    expect(heard[0]?.payload.toString()).toBe('short');
  });

  test('a mask of zeros is a mask, and none is none (5.1)', async () => {
    const { heard } = await conversation([{ ...text('plain'), mask: Buffer.alloc(4) }]);
    expect(heard[0]?.payload.toString()).toBe('plain');
    expect((await refusal([{ ...text('plain'), isMasked: false }])).closeCode).toBe(1002);
  });

  test('where messages of both kinds are taken, each is told by its kind, also in fragments', async () => {
    const parts = (opcode: number, payload: string): ClientFrame[] => [
      { opcode, payload: payload.slice(0, 1), isFinal: false },
      { opcode: CONTINUATION, payload: payload.slice(1) },
    ];
    const frames = [
      text('one'),
      { opcode: BINARY, payload: hex('ff fe') },
      ...parts(BINARY, 'two'),
      ...parts(TEXT, '3é'),
    ];
    const { events } = await conversation(frames, 'messages', 3);
    expect(events.slice(0, 4)).toEqual(['text 6f6e65', 'binary fffe', 'binary 74776f', 'text 33c3a9']);
    expect((await refusal([{ opcode: TEXT, payload: hex('ff') }], 'messages')).closeCode).toBe(1007);
  });

  test('and what is sent there has its frames already', async () => {
    const peer = await WebSocketPeer.connect('messages', new Listener());
    peer.link.send([...framed(TEXT, [Buffer.from('a')]), ...framed(BINARY, [Buffer.from('b')])]);
    peer.write(clientFrame({ opcode: CLOSE, payload: code(1000) }));
    await peer.ended;
    expect(peer.frames.slice(0, 2)).toEqual([
      { opcode: TEXT, payload: Buffer.from('a') },
      { opcode: BINARY, payload: Buffer.from('b') },
    ]);
  });

  test('a frame of the other kind is refused', async () => {
    expect((await refusal([{ opcode: BINARY, payload: 'x' }])).closeCode).toBe(1003);
    expect((await refusal([text('x')], 'binary')).closeCode).toBe(1003);
  });

  test.each<FrameType>(['text', 'binary'])(
    'a message of %s longer than the limit is refused by its head',
    async (type) => {
      const opcode = type === 'text' ? TEXT : BINARY;
      const half = { opcode, payload: Buffer.alloc(60_000, 'x') };
      expect((await refusal([{ opcode, payload: Buffer.alloc(100_001) }], type)).closeCode).toBe(1009);
      const parts = [
        { ...half, isFinal: false },
        { ...half, opcode: CONTINUATION },
      ];
      expect((await refusal(parts, type)).closeCode).toBe(1009);
      expect((await conversation([half, half], type)).closeCode).toBe(1000);
      const peer = await WebSocketPeer.connect(type, type === 'messages' ? new Listener() : new Echo());
      peer.write(Buffer.from([0x80 | opcode, 0xff, ...Array<number>(8).fill(0xff), 1, 2, 3, 4]));
      await peer.ended;
      expect(peer.closeCode).toBe(1009);
    },
  );
});

describe('2 pings and pongs', () => {
  test.each(['', 'Hello, world!', hex('00 ff fe fd fc fb 00 ff'), Buffer.alloc(125, 0xfe)])(
    'a ping is answered with what it carries',
    async (payload) => {
      const { heard } = await conversation([{ opcode: PING, payload }]);
      expect(heard).toEqual([{ opcode: PONG, payload: Buffer.from(payload) }]);
    },
  );

  test('a ping of 126 bytes is refused', async () => {
    expect((await refusal([{ opcode: PING, payload: Buffer.alloc(126) }])).closeCode).toBe(1002);
  });

  test('a pong is no question', async () => {
    expect((await conversation([{ opcode: PONG, payload: 'x' }, text('hi')])).heard).toHaveLength(1);
  });

  test.each([undefined, 1])('each of many pings is answered, in their order', async (pieceBytes) => {
    const pings = Array.from({ length: 10 }, (_, i) => ({ opcode: PING, payload: `payload-${i}` }));
    const { heard } = await conversation(pings, 'binary', pieceBytes);
    expect(heard.map(({ payload }) => payload.toString())).toEqual(pings.map(({ payload }) => payload));
  });
});

describe('3 reserved bits', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('%d set is refused, and what came before is not lost', async (reserved) => {
    const { closeCode, heard } = await refusal([text('before'), { ...text('x'), reserved }, text('after')]);
    expect(closeCode).toBe(1002);
    expect(heard.map(({ payload }) => payload.toString())).toEqual(['before']);
    expect((await refusal([{ opcode: PING, reserved }])).closeCode).toBe(1002);
  });
});

describe('4 opcodes', () => {
  test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])('%d is refused', async (opcode) => {
    expect((await refusal([{ opcode }])).closeCode).toBe(1002);
    expect((await refusal([text('x'), { opcode, payload: 'x' }], 'text')).closeCode).toBe(1002);
  });
});

describe('5 fragments', () => {
  const first = { ...text('fragment1'), isFinal: false };
  const last = { opcode: CONTINUATION, payload: 'fragment2' };
  const both = [{ opcode: TEXT, payload: Buffer.from('fragment1fragment2') }];

  test.each([PING, PONG, CLOSE])('of control frames (%d) are refused', async (opcode) => {
    expect((await refusal([{ opcode, isFinal: false }])).closeCode).toBe(1002);
  });

  test.each([undefined, 1])('are one message', async (pieceBytes) => {
    expect((await conversation([first, last], 'text', pieceBytes)).heard).toEqual(both);
    const many = [first, { ...last, payload: '', isFinal: false }, last];
    expect((await conversation(many, 'text', pieceBytes)).heard).toEqual(both);
    const none = [
      { ...first, payload: '' },
      { ...last, payload: '' },
    ];
    expect((await conversation(none, 'text', pieceBytes)).heard).toEqual([{ opcode: TEXT, payload: Buffer.alloc(0) }]);
  });

  test.each([undefined, 1])('may have control frames between them', async (pieceBytes) => {
    const ping = { opcode: PING, payload: 'ping' };
    const { heard } = await conversation([first, ping, last, ping, first, last], 'text', pieceBytes);
    expect(heard.filter(({ opcode }) => opcode === PONG)).toHaveLength(2);
    expect(heard.filter(({ opcode }) => opcode === TEXT)).toEqual([...both, ...both]);
  });

  test.each<FrameType>(['text', 'binary'])('of nothing are refused (%s)', async (type) => {
    expect((await refusal([last], type)).closeCode).toBe(1002);
    expect((await refusal([{ ...last, isFinal: false }], type)).closeCode).toBe(1002);
    const whole = { opcode: type === 'text' ? TEXT : BINARY, payload: 'whole' };
    expect((await refusal([whole, last], type)).closeCode).toBe(1002);
  });

  test.each<FrameType>(['text', 'binary'])('of two messages do not mix (%s)', async (type) => {
    const begin = { ...first, opcode: type === 'text' ? TEXT : BINARY };
    expect((await refusal([begin, { ...begin, isFinal: true }], type)).closeCode).toBe(1002);
  });
});

describe('6 UTF-8', () => {
  test.each([
    'Hello-µ@ßöäüàá-UTF-8!!',
    'κόσμε',
    '\u0000',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\ufffd',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
  ])('%j comes through, also byte by byte', async (payload) => {
    const expected = [{ opcode: TEXT, payload: Buffer.from(payload) }];
    expect((await conversation([text(payload)])).heard).toEqual(expected);
    const bytes = [...Buffer.from(payload)];
    const fragments = bytes.map((byte, i) => ({
      opcode: i === 0 ? TEXT : CONTINUATION,
      payload: Buffer.from([byte]),
      isFinal: i === bytes.length - 1,
    }));
    expect((await conversation(fragments, 'text', 1)).heard).toEqual(expected);
  });

  test.each([
    ['a continuation alone', '80'],
    ['a sequence that is cut', 'ce ba e1 bd'],
    ['what UTF-8 never has', 'fe'],
    ['NUL in two bytes', 'c0 80'],
    ['a slash in three', 'e0 80 af'],
    ['half of a surrogate pair', 'ed a0 80'],
    ['both halves', 'ed a0 80 ed b0 80'],
    ['beyond U+10FFFF', 'f4 90 80 80'],
    ['five bytes', 'f8 88 80 80 80'],
  ])('%s is refused', async (_what, digits) => {
    const payload = Buffer.concat([Buffer.from('text '), hex(digits)]);
    expect((await refusal([{ opcode: TEXT, payload }])).closeCode).toBe(1007);
    const cut = payload.length - 1;
    const fragments = [
      { opcode: TEXT, payload: payload.subarray(0, cut), isFinal: false },
      { opcode: CONTINUATION, payload: payload.subarray(cut) },
    ];
    expect((await refusal(fragments)).closeCode).toBe(1007);
  });

  test('binary may be anything', async () => {
    const { heard, closeCode } = await conversation([{ opcode: BINARY, payload: hex('fe ff c0 80') }], 'binary');
    expect(heard[0]?.payload).toEqual(hex('fe ff c0 80'));
    expect(closeCode).toBe(1000);
  });
});

describe('7 closing', () => {
  test('nothing after a close frame is read', async () => {
    const after = [text('too late'), { opcode: PING }, { opcode: CLOSE, payload: code(1001) }, { opcode: 15 }];
    const { heard, closeCode, events } = await conversation([{ opcode: CLOSE, payload: code(1000) }, ...after]);
    expect(heard).toEqual([]);
    expect(closeCode).toBe(1000);
    expect(events).toEqual([]);
  });

  test('a message that was not finished is not handed over', async () => {
    const { heard, closeCode } = await conversation([{ ...text('unfinished'), isFinal: false }]);
    expect(heard).toEqual([]);
    expect(closeCode).toBe(1000);
  });

  test.each([
    ['nothing', Buffer.alloc(0), 0],
    ['one byte', Buffer.from([3]), 1002],
    ['a code', code(1000), 1000],
    ['a code and a reason', code(1000, 'Hello, wörld!'), 1000],
    ['the longest reason', code(1000, '*'.repeat(123)), 1000],
    ['a longer one', code(1000, '*'.repeat(124)), 1002],
    ['a reason that is not UTF-8', code(1000, hex('ce ba e1 bd b9 ed a0 80')), 1007],
  ])('with %s', async (_what, payload, expected) => {
    expect((await conversation([{ opcode: CLOSE, payload }])).closeCode).toBe(expected);
    expect((await conversation([{ opcode: CLOSE, payload }], 'binary', 1)).closeCode).toBe(expected);
  });

  test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
    'with %d is answered in kind',
    async (value) => {
      expect((await conversation([{ opcode: CLOSE, payload: code(value, 'why') }])).closeCode).toBe(value);
    },
  );

  test.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])(
    'with %d is refused',
    async (value) => {
      expect((await refusal([{ opcode: CLOSE, payload: code(value, 'why') }])).closeCode).toBe(1002);
    },
  );
});
