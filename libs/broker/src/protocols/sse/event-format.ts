import { isUtf8 } from 'node:buffer';
import { controlFrame, Frame, RETAIN_SHAPE, type SharedFrames, type WireFormat } from '../../frame.js';
import type { Message, MessageProperties } from '../../message.js';

/** A delivery as an event stream writes it: all of the event but its id, which is each stream's own. */
export const eventFormat = {
  index: 7,
  maximumQos: 0,
  encode({ message, now }: SharedFrames, shape: number): Frame {
    const data = JSON.stringify(shownMessage(message, (shape & RETAIN_SHAPE) !== 0, now));
    const frame = new Frame(Buffer.from(`data: ${data}\n\n`), 0, true);
    frame.topic = message.topic;
    return frame;
  },
} as const satisfies WireFormat;

/** An event of our own: never dropped. */
export function namedEvent(name: string, data: object): Frame {
  return controlFrame(Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
}

function shownMessage({ topic, payload, properties, expiresAt }: Message, retain: boolean, now: number): object {
  const isText = isUtf8(payload);
  return {
    topic,
    payload: payload.toString(isText ? 'utf8' : 'base64'),
    ...(!isText && { encoding: 'base64' }),
    ...(retain && { retain }),
    ...(expiresAt !== null && { expirySeconds: Math.max(0, Math.ceil((expiresAt - now) / 1000)) }),
    ...(properties && { properties: shownProperties(properties) }),
  };
}

function shownProperties({ correlationData, userProperties, ...others }: MessageProperties): object {
  return {
    ...others,
    ...(correlationData && { correlationData: correlationData.toString('base64') }),
    ...(userProperties && { userProperties: userProperties.map(([name, value]) => ({ name, value })) }),
  };
}
