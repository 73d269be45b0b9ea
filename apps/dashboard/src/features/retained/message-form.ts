import { isValidTopic } from '@perch/policy';
import type { RetainedMessage } from '../../shared/api/generated/types.gen.js';
import { bytesOfBase64, utf8Of } from './payload.js';
import { retainedTexts } from './texts.js';

const texts = retainedTexts.form;

/** A message as it is being written. */
export interface MessageForm {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** The form of a new message, or of one to change: as text where it is text. */
export function messageFormOf(message: RetainedMessage | undefined): MessageForm {
  if (!message) return { topic: '', payload: '', encoding: 'utf8', qos: 1, retain: true };
  const text = utf8Of(bytesOfBase64(message.payload));
  const { topic, qos } = message;
  return text === null
    ? { topic, qos, retain: true, payload: message.payload, encoding: 'base64' }
    : { topic, qos, retain: true, payload: text, encoding: 'utf8' };
}

/** What keeps the message from being published, by field. */
export function problemsOf({ topic, payload, encoding }: MessageForm): {
  topic: string | null;
  payload: string | null;
} {
  return {
    topic: isValidTopic(topic) ? null : texts.badTopic,
    payload: encoding === 'base64' && !isBase64(payload) ? texts.badBase64 : null,
  };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
