import { isUtf8 } from 'node:buffer';
import { Frame, type SharedFrames, type WireFormat } from '../../frame.js';
import { headLength, TEXT, writeHead } from '../../links/web-socket-frames.js';

/**
 * A delivery as FLOCK writes it, the WebSocket frame around it included. A payload of JSON stands in it as it was published;
 * what is none is a string, and `encoding` says of what.
 */
export const flockFormat = {
  index: 4,
  maximumQos: 0,
  encode({ message: { topic, payload } }: SharedFrames): Frame {
    const head = Buffer.from(`{"type":"event","topic":${JSON.stringify(topic)},"payload":`);
    const { value, tail } = saidAs(payload);
    const length = head.length + value.length + tail.length;
    const bytes = Buffer.allocUnsafe(headLength(length) + length);
    let at = writeHead(bytes, 0, { opcode: TEXT, length });
    at += head.copy(bytes, at);
    at += value.copy(bytes, at);
    bytes.write(tail, at, 'latin1');
    const frame = new Frame(bytes, 0, true);
    frame.topic = topic;
    return frame;
  },
} as const satisfies WireFormat;

function saidAs(payload: Buffer): { readonly value: Buffer; readonly tail: string } {
  if (!isUtf8(payload)) return { value: Buffer.from(`"${payload.toString('base64')}"`), tail: ',"encoding":"base64"}' };
  const text = payload.toString();
  return isJson(text)
    ? { value: payload, tail: '}' }
    : { value: Buffer.from(JSON.stringify(text)), tail: ',"encoding":"utf8"}' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
