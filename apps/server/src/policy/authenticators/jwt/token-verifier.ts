import type { KeyObject } from 'node:crypto';
import type { Clock } from '@perch/broker';
import { decodeJwt, errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { JwtSettings } from '../../access-settings.schema.js';
import { readClaims, type TokenClaims } from './claims.js';
import { JwksKeys, KeysUnavailable } from './jwks-keys.js';
import { readPem, readSecret } from './static-key.js';

/** A token that holds, or why it does not; `null`: nothing can be said now. */
export type Verified = { readonly claims: TokenClaims } | { readonly problem: string; readonly isUnavailable: boolean };

type KeySource = KeyObject | Uint8Array | JwksKeys;

/** Verifies tokens against the key and the claims that are required. Knows nothing of clients. */
export class TokenVerifier {
  private readonly key: KeySource;
  private readonly options: JWTVerifyOptions;

  constructor(
    private readonly settings: JwtSettings,
    private readonly clock: Pick<Clock, 'now' | 'uptime'>,
  ) {
    this.key = keySource(settings.key, clock);
    const { issuer, audiences, algorithms, leewaySeconds, requireExpiry } = settings;
    this.options = {
      // What the token's own header says is never enough.
      algorithms: [...algorithms],
      clockTolerance: leewaySeconds,
      ...(issuer !== null && { issuer }),
      ...(audiences.length > 0 && { audience: [...audiences] }),
      ...(requireExpiry && { requiredClaims: ['exp'] }),
    };
  }

  /** What keeps tokens from being verified, or null. */
  get problem(): string | null {
    return this.key instanceof JwksKeys ? this.key.problem : null;
  }

  /** Whether the token is one of another issuer, by what it says itself. */
  isForeign(token: string): boolean {
    if (this.settings.issuer === null) return false;
    try {
      return decodeJwt(token).iss !== this.settings.issuer;
    } catch {
      return false;
    }
  }

  async verify(token: string): Promise<Verified> {
    try {
      const options = { ...this.options, currentDate: new Date(this.clock.now()) };
      const { payload } = await (this.key instanceof JwksKeys
        ? jwtVerify(token, this.key.find, options)
        : jwtVerify(token, this.key, options));
      // jose takes a token from the future as long as it does not ask for an age.
      const issuedInMs = (payload.iat ?? 0) * 1000 - this.clock.now();
      if (issuedInMs > this.settings.leewaySeconds * 1000) return refused('The token was issued in the future (iat).');
      const claims = readClaims(payload, this.settings);
      return typeof claims === 'string' ? refused(claims) : { claims };
    } catch (error) {
      if (error instanceof KeysUnavailable) return { problem: error.message, isUnavailable: true };
      return refused(reasonOf(error));
    }
  }
}

function keySource(key: JwtSettings['key'], clock: Pick<Clock, 'uptime'>): KeySource {
  if (key.kind === 'jwks') return new JwksKeys(key, clock);
  const reading = key.kind === 'pem' ? readPem(key.pem) : readSecret(key.secret.value ?? '', key.encoding);
  if ('problem' in reading) throw new Error(`The key ${reading.problem}.`);
  return reading.key;
}

function refused(problem: string): Verified {
  return { problem, isUnavailable: false };
}

/** jose's sentences name claims and algorithms, never the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired (exp).';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature is not by this key.';
  if (error instanceof errors.JWKSNoMatchingKey) return 'None of the keys is the one that the token names (kid).';
  if (error instanceof errors.JOSEError) return `The token does not hold: ${error.message}.`;
  return 'The token does not hold: its algorithm and the key do not fit.';
}
