import { isValidTopic, type ClientIdentity } from '@perch/policy';

/**
 * Where a client may expect answers to its requests [MQTT5 3.2.2.3.14]: the operator's prefix with %c and %u replaced by
 * client id and user name. Null where that makes no topic.
 */
export function responseInformation(prefix: string | null, { clientId, username }: ClientIdentity): string | null {
  if (prefix === null || (username === null && prefix.includes('%u'))) return null;
  const topic = prefix.replaceAll(/%[cu]/g, (name) => (name === '%c' ? clientId : (username ?? '')));
  return isValidTopic(topic) ? topic : null;
}
