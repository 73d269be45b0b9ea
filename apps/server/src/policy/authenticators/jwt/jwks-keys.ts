import type { Clock } from '@perch/broker';
import {
  createLocalJWKSet,
  errors,
  type CompactJWSHeaderParameters,
  type FlattenedJWSInput,
  type JSONWebKeySet,
} from 'jose';
import { readBody, reasonOf } from '../../hooks/read-body.js';

const LARGEST_BYTES = 1024 * 1024;
/** An unknown key id is asked for this often at most: anybody can make one up. */
const ASKED_AGAIN_AFTER_MS = 10_000;

/** Where keys are read, and for how long they count. */
export interface JwksSettings {
  readonly url: string;
  readonly refreshSeconds: number;
  readonly staleSeconds: number;
  readonly timeoutMs: number;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;
type Key = Awaited<ReturnType<KeySet>>;

/** The keys cannot be had now: nothing is said about the token. */
export class KeysUnavailable extends Error {}

/**
 * The keys that an issuer publishes: read when they are needed and when they are old, and when a token names one that is
 * not there yet. While they cannot be read, the last ones count for a bounded time.
 */
export class JwksKeys {
  private keys: KeySet | null = null;
  private readAt = 0;
  private triedAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | null = null;
  private failure: string | null = null;

  constructor(
    private readonly settings: JwksSettings,
    private readonly clock: Pick<Clock, 'uptime'>,
  ) {}

  /** Why they could not be read the last time, or null. */
  get problem(): string | null {
    return this.failure;
  }

  /** The key that the token names. Rejects with `KeysUnavailable`, or as jose does when there is none. */
  readonly find = async (header: CompactJWSHeaderParameters, token: FlattenedJWSInput): Promise<Key> => {
    if (this.age() > this.settings.refreshSeconds * 1000) await this.readWhereDue();
    const keys = this.usable();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.mayTry()) throw error;
      // The issuer may have begun to sign with a new one.
      await this.read();
      return this.usable()(header, token);
    }
  };

  private age(): number {
    return this.keys ? this.clock.uptime() - this.readAt : Number.POSITIVE_INFINITY;
  }

  private usable(): KeySet {
    const { refreshSeconds, staleSeconds } = this.settings;
    if (this.keys && this.age() <= (refreshSeconds + staleSeconds) * 1000) return this.keys;
    throw new KeysUnavailable(this.failure ?? 'The keys have not been read yet.');
  }

  private mayTry(): boolean {
    return this.clock.uptime() - this.triedAt >= ASKED_AGAIN_AFTER_MS;
  }

  private async readWhereDue(): Promise<void> {
    if (this.reading || this.mayTry()) await this.read();
  }

  private read(): Promise<void> {
    return (this.reading ??= this.fetch().finally(() => (this.reading = null)));
  }

  private async fetch(): Promise<void> {
    this.triedAt = this.clock.uptime();
    try {
      const { url, timeoutMs } = this.settings;
      const response = await fetch(url, {
        headers: { accept: 'application/jwk-set+json, application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const body = await readBody(response, LARGEST_BYTES);
      if (response.status !== 200) throw new Error(`It answered ${response.status}.`);
      this.keys = createLocalJWKSet(publicOnly(JSON.parse(body)));
      this.readAt = this.clock.uptime();
      this.failure = null;
    } catch (error) {
      this.failure = `The keys at ${this.settings.url} cannot be read: ${reasonOf(error)}`;
    }
  }
}

/** A secret in a list that everybody may read proves nothing. */
function publicOnly(value: unknown): JSONWebKeySet {
  const { keys } = value as Partial<JSONWebKeySet>;
  if (!Array.isArray(keys)) throw new Error('It is no list of keys.');
  return { keys: keys.filter(({ kty }) => kty === 'RSA' || kty === 'EC' || kty === 'OKP') };
}
