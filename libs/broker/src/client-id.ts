import type { Limits } from './limits.js';

/** Whether a client may call itself that [MQTT-3.1.3-4]: UTF-8 without NUL; what begins with $ is the broker's own. */
export function isClientId(clientId: string, { clientIdBytes }: Pick<Limits, 'clientIdBytes'>): boolean {
  if (clientId === '' || clientId.startsWith('$') || /[\0\uD800-\uDFFF]/u.test(clientId)) return false;
  return Buffer.byteLength(clientId) <= clientIdBytes;
}
