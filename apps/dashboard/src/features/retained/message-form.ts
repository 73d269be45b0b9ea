import { isValidTopic } from '@perch/policy';
import type { Publication, RetainedMessage } from '../../shared/api/generated/types.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { bytesOfBase64, utf8Of } from '../../shared/payload/payload.js';
import { retainedTexts } from './texts.js';

const texts = retainedTexts.form;

/** A message as it is being written. */
export interface MessageForm {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly contentType: string;
  readonly responseTopic: string;
  /** As base64. */
  readonly correlationData: string;
  /** The payload is said to be UTF-8. */
  readonly isText: boolean;
  readonly userProperties: readonly { readonly name: string; readonly value: string }[];
  /** Empty for never. */
  readonly expirySeconds: string;
}

const empty: MessageForm = {
  topic: '',
  payload: '',
  encoding: 'utf8',
  qos: 1,
  retain: true,
  contentType: '',
  responseTopic: '',
  correlationData: '',
  isText: false,
  userProperties: [],
  expirySeconds: '',
};

/** The form of a new message, or of one to change: as text where it is text, with what is left of its time. */
export function messageFormOf(message: RetainedMessage | undefined, nowMs = serverNow()): MessageForm {
  if (!message) return empty;
  const text = utf8Of(bytesOfBase64(message.payload));
  const { topic, qos, properties, expiresAt } = message;
  const { contentType = '', responseTopic = '', correlationData = '', userProperties = [] } = properties ?? {};
  const left = expiresAt === null ? null : Math.max(1, Math.round((Date.parse(expiresAt) - nowMs) / 1000));
  return {
    ...empty,
    ...{ topic, qos, contentType, responseTopic, correlationData, userProperties },
    ...(text === null ? { payload: message.payload, encoding: 'base64' } : { payload: text }),
    isText: properties?.payloadFormatIndicator === true,
    expirySeconds: left === null ? '' : String(left),
  };
}

/** What is wrong with the form, by field. */
export interface FormProblems {
  readonly topic: string | null;
  readonly payload: string | null;
  readonly responseTopic: string | null;
  readonly correlationData: string | null;
}

/** What keeps the message from being published, by field. */
export function problemsOf(form: MessageForm): FormProblems {
  const { topic, payload, encoding, responseTopic, correlationData } = form;
  return {
    topic: isValidTopic(topic) ? null : texts.badTopic,
    payload: encoding === 'base64' && !isBase64(payload) ? texts.badBase64 : null,
    responseTopic: responseTopic === '' || isValidTopic(responseTopic) ? null : texts.badResponseTopic,
    correlationData: isBase64(correlationData) ? null : texts.badBase64,
  };
}

/** What is sent for the form. */
export function publicationOf(form: MessageForm): Publication {
  const { topic, payload, encoding, qos, retain, expirySeconds } = form;
  const properties = propertiesOf(form);
  return {
    ...{ topic, payload, encoding, qos, retain },
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(expirySeconds !== '' && { expirySeconds: Number(expirySeconds) }),
  };
}

function propertiesOf({ contentType, responseTopic, correlationData, isText, userProperties }: MessageForm) {
  const named = userProperties.filter(({ name, value }) => name !== '' || value !== '');
  return {
    ...(isText && { payloadFormatIndicator: true }),
    ...(contentType !== '' && { contentType }),
    ...(responseTopic !== '' && { responseTopic }),
    ...(correlationData !== '' && { correlationData }),
    ...(named.length > 0 && { userProperties: [...named] }),
  };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
