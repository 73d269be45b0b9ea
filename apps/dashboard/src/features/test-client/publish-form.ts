import { isValidTopic } from '@perch/policy';
import type { LinkProtocol, Publication } from './link.js';
import type { MqttProperties } from './message.js';
import { encodePayload, type PayloadFormat } from './payload-format.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.publish;

/** A message as it is being written. */
export interface PublishForm {
  readonly topic: string;
  readonly payload: string;
  readonly format: PayloadFormat;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly contentType: string;
  readonly responseTopic: string;
  readonly correlationData: string;
  /** Empty for never. */
  readonly messageExpirySeconds: string;
  /** `name=value`, one on a line. */
  readonly userProperties: string;
  readonly count: number;
  readonly perSecond: number;
}

export const MOST_REPEATS = 10_000;
export const MOST_PER_SECOND = 100;

export const newPublishForm: PublishForm = {
  topic: '',
  payload: '{"hello": "world"}',
  format: 'json',
  qos: 1,
  retain: false,
  contentType: '',
  responseTopic: '',
  correlationData: '',
  messageExpirySeconds: '',
  userProperties: '',
  count: 1,
  perSecond: 1,
};

/** What keeps the message from being sent, by field. */
export interface PublishProblems {
  readonly topic: string | null;
  readonly payload: string | null;
  readonly responseTopic: string | null;
  readonly userProperties: string | null;
}

/** What of the form the protocol can say: the log must not show what was never sent. */
export function sayableBy(protocol: LinkProtocol, form: PublishForm): PublishForm {
  if (protocol === 'mqtt5') return form;
  const { contentType, responseTopic, correlationData, messageExpirySeconds, userProperties } = newPublishForm;
  const without = { contentType, responseTopic, correlationData, messageExpirySeconds, userProperties };
  return { ...form, ...without, qos: protocol === 'json' && form.qos === 2 ? 1 : form.qos };
}

export function publishProblems(form: PublishForm): PublishProblems {
  const encoded = encodePayload(numbered(form, 1), form.format);
  return {
    topic: isValidTopic(form.topic) ? null : texts.badTopic,
    payload: 'problem' in encoded ? encoded.problem : null,
    responseTopic: form.responseTopic === '' || isValidTopic(form.responseTopic) ? null : texts.badResponseTopic,
    userProperties: linesOf(form.userProperties).every((line) => line.includes('=')) ? null : texts.badProperties,
  };
}

/** The message that the form stands for, the nth of several; null while something is wrong with it. */
export function publicationOf(form: PublishForm, number: number): Publication | null {
  const encoded = encodePayload(numbered(form, number), form.format);
  if ('problem' in encoded || !isValidTopic(form.topic)) return null;
  const { topic, qos, retain } = form;
  return { topic, payload: encoded.bytes, qos, retain, properties: propertiesOf(form) };
}

/** `{{n}}` stands for the number of the message. */
function numbered({ payload, format }: PublishForm, number: number): string {
  return format === 'json' || format === 'text' ? payload.replaceAll('{{n}}', String(number)) : payload;
}

function propertiesOf(form: PublishForm): MqttProperties {
  const pairs = linesOf(form.userProperties).map((line) => {
    const at = line.indexOf('=');
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
  });
  return {
    ...(form.contentType !== '' && { contentType: form.contentType }),
    ...(form.responseTopic !== '' && { responseTopic: form.responseTopic }),
    ...(form.correlationData !== '' && { correlationData: form.correlationData }),
    ...(form.messageExpirySeconds !== '' && { messageExpirySeconds: Number(form.messageExpirySeconds) }),
    ...(pairs.length > 0 && { userProperties: pairs }),
  };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
