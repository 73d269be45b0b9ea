import { isDeepStrictEqual } from 'node:util';
import type { IPublishPacket } from 'mqtt-packet';

type Properties = NonNullable<IPublishPacket['properties']>;

const EXPIRY_SECONDS = 86_400;

/** What a message of MQTT 5 carries beside its payload: follows from its key, so that every receiver can check it. */
export function makeProperties(key: string): Properties {
  return {
    messageExpiryInterval: EXPIRY_SECONDS,
    contentType: `text/${key}`,
    responseTopic: `answers/${key}`,
    correlationData: Buffer.from(key),
    userProperties: { key, twice: ['first', key] },
  };
}

/** What is wrong with the properties that came with the message, or null. */
export function checkProperties(key: string, found: Properties | undefined): string | null {
  if (!found) return 'came without properties';
  const { messageExpiryInterval = 0 } = found;
  if (messageExpiryInterval <= 0 || messageExpiryInterval > EXPIRY_SECONDS)
    return 'its expiry is not what is left of it';
  const isSame = isDeepStrictEqual(comparable(found), comparable(makeProperties(key)));
  return isSame ? null : `came with other properties than it was sent with: ${JSON.stringify(found)}`;
}

/** Without what may differ, and without prototypes, which the codec has its own ideas about. */
function comparable({ userProperties, contentType, responseTopic, correlationData }: Properties): object {
  return { userProperties: { ...userProperties }, contentType, responseTopic, correlationData };
}
