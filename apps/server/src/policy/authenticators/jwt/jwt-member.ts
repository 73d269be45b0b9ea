import { hash } from 'node:crypto';
import type { Clock, Credentials } from '@perch/broker';
import type { OwnRules } from '@perch/policy';
import type { JwtSettings } from '../../access-settings.schema.js';
import { BoundedQueue } from '../../bounded-queue.js';
import { RecentMap } from '../../recent-map.js';
import { ownRulesOf } from '../acl-rules.js';
import { type Answer, notMine, refusedBecause } from '../answer.js';
import type { ChainMember } from '../chain-member.js';
import type { TokenClaims } from './claims.js';
import { TokenVerifier } from './token-verifier.js';

/** Longer tokens are refused unread: a claim list that long belongs into labels. */
export const LONGEST_TOKEN_BYTES = 16_384;
const REMEMBERED = 100_000;
/** A key that was withdrawn stops to count within this time, also for tokens that were seen before. */
const REMEMBERED_FOR_MS = 5 * 60_000;
const VERIFYING_AT_ONCE = 8;
const WAITING = 1_000;

/** What a member needs beside its settings. */
export interface JwtMemberOptions {
  readonly clock: Pick<Clock, 'now' | 'uptime'>;
  /** Where the rules that a token brings are judged; null where they count for nothing. */
  readonly ownRules: OwnRules['place'] | null;
}

interface KnownToken {
  readonly claims: TokenClaims;
  readonly at: number;
}

/** Lets in by a signed token. One that was seen before is answered at once, until it expires. */
export class JwtMember implements ChainMember {
  private readonly verifier: TokenVerifier;
  private readonly known = new RecentMap<string, KnownToken>(REMEMBERED);
  private readonly queue = new BoundedQueue(VERIFYING_AT_ONCE, WAITING);

  constructor(
    private readonly settings: JwtSettings,
    private readonly options: JwtMemberOptions,
  ) {
    this.verifier = new TokenVerifier(settings, options.clock);
  }

  get id(): string {
    return this.settings.id;
  }

  get problem(): string | null {
    return this.verifier.problem;
  }

  passes({ username, password }: Credentials): string | null {
    if (this.settings.from === 'password') {
      return password !== null && isTokenBytes(password) ? null : 'The password is no token.';
    }
    return username !== null && isToken(username) ? null : 'The user name is no token.';
  }

  ask(credentials: Credentials): Answer | Promise<Answer> {
    const isInPassword = this.settings.from === 'password';
    const length = isInPassword ? (credentials.password?.length ?? 0) : (credentials.username?.length ?? 0);
    if (length > LONGEST_TOKEN_BYTES) {
      return refusedBecause('bad-credentials', `The token is longer than ${LONGEST_TOKEN_BYTES} bytes.`);
    }
    const token = isInPassword ? (credentials.password?.toString('latin1') ?? '') : (credentials.username ?? '');
    const key = hash('sha512-256', token, 'base64');
    const known = this.known.get(key);
    if (known && this.stillHolds(known)) return this.decide(known.claims, credentials);
    if (this.verifier.isForeign(token)) return notMine('The token is of another issuer (iss).');
    const verification = this.queue.run(() => this.verifier.verify(token));
    if (!verification) return refusedBecause('server-busy', 'Too many tokens wait to be verified.');
    return verification.then((verified): Answer => {
      if ('problem' in verified) {
        return refusedBecause(verified.isUnavailable ? 'unavailable' : 'bad-credentials', verified.problem);
      }
      this.known.set(key, { claims: verified.claims, at: this.options.clock.uptime() });
      return this.decide(verified.claims, credentials);
    });
  }

  forget(username: string | null): void {
    this.known.deleteWhere(({ claims }) => username === null || claims.username === username);
  }

  private stillHolds({ claims, at }: KnownToken): boolean {
    const { clock } = this.options;
    if (clock.uptime() - at > REMEMBERED_FOR_MS) return false;
    const endsAt = this.endOf(claims);
    return endsAt === null || clock.now() < endsAt;
  }

  /** A clock that is slow by the leeway must not cut off a client at once. */
  private endOf({ expiresAt }: TokenClaims): number | null {
    return expiresAt === null ? null : expiresAt + this.settings.leewaySeconds * 1000;
  }

  private decide(claims: TokenClaims, { clientId, username }: Credentials): Answer {
    const { from, mustMatchUsername } = this.settings;
    if (claims.clientId !== null && claims.clientId !== clientId) {
      return refusedBecause('wrong-client-id', `The token is for the client id ${claims.clientId}.`);
    }
    if (from === 'password' && mustMatchUsername && username !== null && username !== claims.username) {
      return refusedBecause('bad-credentials', `The token is for the user ${claims.username}.`);
    }
    return {
      accepted: true,
      username: claims.username,
      authenticator: `jwt/${this.id}`,
      labels: claims.labels,
      validUntil: this.endOf(claims),
      own: ownRulesOf(claims.rules, this.options.ownRules),
    };
  }
}

const DOT = 0x2e;
const beginning = Buffer.from('eyJ');

/** Three parts with dots between, the first a JSON object: no password that anybody chose looks like this. */
function isToken(text: string): boolean {
  return text.startsWith('eyJ') && text.split('.', 4).length === 3;
}

function isTokenBytes(bytes: Buffer): boolean {
  if (bytes.length < beginning.length || bytes.compare(beginning, 0, 3, 0, 3) !== 0) return false;
  const first = bytes.indexOf(DOT);
  const second = first < 0 ? -1 : bytes.indexOf(DOT, first + 1);
  return second >= 0 && bytes.indexOf(DOT, second + 1) < 0;
}
