import { expect, test } from 'vitest';
import { controlFrame, shapeOf, type Frame, SharedFrames } from '../../frame.js';
import { payloadStart, textFrame } from '../../links/web-socket-frames.js';
import type { Message } from '../../message.js';
import { outgoingList } from '../../testing/outgoing-list.js';
import { jsonFormat, packJson } from './message-format.js';

function aDelivery(topic: string, payload: string, retain = false): Frame {
  const message: Message = {
    topic,
    payload: Buffer.from(payload),
    qos: 0,
    retain,
    properties: null,
    publisher: 'p',
    receivedAt: 0,
    expiresAt: null,
  };
  return jsonFormat.encode(new SharedFrames(message, 0), shapeOf(0, retain));
}

/** What is in one whole frame of text, whose head says its length. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8', payloadStart(bytes));
  expect(bytes).toEqual(textFrame(text));
  return text;
}

test('a delivery alone is sent as the bytes that all its receivers share', () => {
  const frame = aDelivery('a', 'x', true);
  expect(packJson(outgoingList([frame]))).toEqual([frame.bytes]);
  expect(packJson(outgoingList([frame]))[0]).toBe(frame.bytes);
  expect(textOf(frame.bytes)).toBe('{"type":"messages","messages":[{"topic":"a","payload":"x","retain":true}]}');
});

test('deliveries are joined between answers and never across them', () => {
  const answer = controlFrame(textFrame('{"type":"pong"}'));
  const packed = packJson(
    outgoingList([aDelivery('a', '1'), aDelivery('ä', '2'), answer, answer, aDelivery('c', '3')]),
  );
  expect(packed.map(textOf)).toEqual([
    '{"type":"messages","messages":[{"topic":"a","payload":"1"},{"topic":"ä","payload":"2"}]}',
    '{"type":"pong"}',
    '{"type":"pong"}',
    '{"type":"messages","messages":[{"topic":"c","payload":"3"}]}',
  ]);
});

test('a batch is closed when it is long, and nothing is lost', () => {
  const large = 'x'.repeat(100 * 1024);
  const packed = packJson(outgoingList(Array.from({ length: 10 }, (_, i) => aDelivery(`${i}`, large))));
  const topics = packed.map((bytes) =>
    (JSON.parse(textOf(bytes)) as { messages: Message[] }).messages.map(({ topic }) => topic),
  );
  expect(topics).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6', '7', '8'], ['9']]);
});
