import type { JWTPayload } from 'jose';
import type { Rule } from '@perch/policy';
import { readAcl } from '../acl-rules.js';

/** Which claims mean what. */
export interface ClaimSettings {
  readonly usernameClaim: string;
  readonly clientIdClaim: string | null;
  readonly labelsClaim: string | null;
  readonly aclClaim: string | null;
}

/** What a token says of whoever shows it. */
export interface TokenClaims {
  readonly username: string;
  /** The only client id that may use it; null for any. */
  readonly clientId: string | null;
  readonly labels: readonly string[];
  readonly rules: readonly Rule[];
  /** In ms since the epoch; null for never. */
  readonly expiresAt: number | null;
}

const LONGEST_NAME = 256;
const MOST_LABELS = 64;

/** Reads the claims of a token that was verified; a text says what is wrong with them. */
export function readClaims(payload: JWTPayload, settings: ClaimSettings): TokenClaims | string {
  const username = claimAt(payload, settings.usernameClaim);
  if (!isName(username)) return `The claim ${settings.usernameClaim} holds no user name.`;
  const clientId = settings.clientIdClaim === null ? null : claimAt(payload, settings.clientIdClaim);
  if (clientId !== null && typeof clientId !== 'string')
    return `The claim ${settings.clientIdClaim} holds no client id.`;
  const labels = labelsFrom(settings.labelsClaim === null ? undefined : claimAt(payload, settings.labelsClaim));
  if (labels === null) return `The claim ${settings.labelsClaim} is no list of ${MOST_LABELS} labels at most.`;
  const acl = settings.aclClaim === null ? undefined : claimAt(payload, settings.aclClaim);
  const reading = acl === undefined ? { rules: [] } : readAcl(acl);
  if ('problem' in reading) return `The claim ${settings.aclClaim}: ${reading.problem}`;
  const expiresAt = payload.exp === undefined ? null : payload.exp * 1000;
  return { username, clientId, labels, rules: reading.rules, expiresAt };
}

/** The claim of exactly this name, or else the one that its dots lead to. */
export function claimAt(payload: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path.split('.').reduce<unknown>((value, key) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isObject ? (value as Record<string, unknown>)[key] : undefined;
  }, payload);
}

/** Labels as a list, or as one text with spaces between, as scopes are written; null when they are neither. */
export function labelsFrom(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return [];
  const list: unknown = typeof value === 'string' ? value.split(' ').filter((part) => part !== '') : value;
  if (!Array.isArray(list) || list.length > MOST_LABELS) return null;
  return list.every((label): label is string => isName(label)) ? [...new Set(list)] : null;
}

/** A text that may be the name of a user. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME && !/[\p{Cc}\p{Cs}]/u.test(value);
}
