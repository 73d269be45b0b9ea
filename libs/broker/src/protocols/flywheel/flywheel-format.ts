import { isUtf8 } from 'node:buffer';
import { Frame, type SharedFrames, type WireFormat } from '../../frame.js';
import { BINARY, headLength, TEXT, writeHead } from '../../links/web-socket-frames.js';
import type { Message, MessageProperties } from '../../message.js';

const RECEIVE = 0x30;
const R = 0x52;
const SPACE = 0x20;
/** `R `, topic, ` `; or the kind and the length of the topic, topic. */
const OVERHEAD = 3;

/** What was published in a binary frame, and is sent in one [MQTT5 3.3.2.3.2]. */
export const NOT_TEXT: MessageProperties = { payloadFormatIndicator: false };

/** A delivery as FLYWHEEL writes it, the WebSocket frame around it included: nothing is left to do for each link. */
export const flywheelFormat = {
  index: 3,
  maximumQos: 0,
  encode({ message }: SharedFrames): Frame {
    const { topic, payload } = message;
    const isText = isSaidAsText(message);
    const topicBytes = Buffer.byteLength(topic);
    const length = OVERHEAD + topicBytes + payload.length;
    const bytes = Buffer.allocUnsafe(headLength(length) + length);
    let at = writeHead(bytes, 0, { opcode: isText ? TEXT : BINARY, length });
    bytes[at++] = isText ? R : RECEIVE;
    if (isText) bytes[at++] = SPACE;
    else at = bytes.writeUInt16BE(topicBytes, at);
    at += bytes.write(topic, at);
    if (isText) bytes[at++] = SPACE;
    payload.copy(bytes, at);
    const frame = new Frame(bytes, 0, true);
    frame.topic = topic;
    return frame;
  },
} as const satisfies WireFormat;

/** A space would end the topic, and text is UTF-8. */
function isSaidAsText({ topic, payload, properties }: Message): boolean {
  return properties?.payloadFormatIndicator !== false && !topic.includes(' ') && isUtf8(payload);
}
