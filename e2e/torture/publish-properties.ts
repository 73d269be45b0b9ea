import { isDeepStrictEqual } from 'node:util';
import type { IPublishPacket } from 'mqtt-packet';
import type { Published } from './published.js';

type Properties = NonNullable<IPublishPacket['properties']>;

const EXPIRY_SECONDS = 86_400;

/** What a message of MQTT 5 carries beside its payload: follows from its key, so that every receiver can check it. */
export function makeProperties({ key, lifetime }: Pick<Published, 'key' | 'lifetime'>): Properties {
  return {
    messageExpiryInterval: lifetime ?? EXPIRY_SECONDS,
    contentType: `text/${key}`,
    responseTopic: `answers/${key}`,
    correlationData: Buffer.from(key),
    userProperties: { key, twice: ['first', key] },
  };
}

/** What is wrong with the properties that came with the message, or null. */
export function checkProperties(message: Published, found: Properties | undefined): string | null {
  if (!found) return 'came without properties';
  const wanted = makeProperties(message);
  const { messageExpiryInterval: left } = found;
  if (left === undefined || left > (wanted.messageExpiryInterval ?? 0)) return 'its expiry is not what is left of it';
  const isSame = isDeepStrictEqual(comparable(found), comparable(wanted));
  return isSame ? null : `came with other properties than it was sent with: ${JSON.stringify(found)}`;
}

/** Without what may differ, and without prototypes, which the codec has its own ideas about. */
function comparable({ userProperties, contentType, responseTopic, correlationData }: Properties): object {
  return { userProperties: { ...userProperties }, contentType, responseTopic, correlationData };
}
