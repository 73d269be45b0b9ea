import type { IncomingHttpHeaders } from 'node:http';
import type { AccessSettings } from '../../policy/access-settings.schema.js';
import { bearerIn } from '../../features/sign-in/sign-ins.js';
import { isKeyText } from '../../features/api-keys/api-key-secret.js';

/** What a request shows of who sends it, as a CONNECT would. */
export interface ShownCredentials {
  readonly username: string | null;
  readonly password: Buffer | null;
}

/** The user credentials or the token of a request; null where it shows neither. An API key is none of them. */
export function credentialsIn(headers: IncomingHttpHeaders, settings: AccessSettings): ShownCredentials | null {
  const token = bearerIn(headers);
  if (token !== null) return isKeyText(token) ? null : asToken(token, settings);
  const [, encoded] = /^Basic +(\S*) *$/i.exec(headers.authorization ?? '') ?? [];
  return encoded === undefined ? null : basic(Buffer.from(encoded, 'base64').toString());
}

/** [RFC 7617] a user name has no colon; a password may. */
function basic(text: string): ShownCredentials {
  const colon = text.indexOf(':');
  if (colon < 0) return { username: text, password: null };
  return { username: text.slice(0, colon), password: Buffer.from(text.slice(colon + 1)) };
}

/** Where the authenticators of this server look for a token. */
function asToken(token: string, { authenticators }: AccessSettings): ShownCredentials {
  const places = authenticators.flatMap((member) => (member.kind === 'jwt' && member.enabled ? [member.from] : []));
  if (places.includes('username') && !places.includes('password')) return { username: token, password: null };
  return { username: null, password: Buffer.from(token) };
}
