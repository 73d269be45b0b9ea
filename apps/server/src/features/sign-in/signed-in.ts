import type { Operator } from '../operators/operator.schemas.js';

/** Whoever is signed in: an operator at a browser, or a program with an API key. */
export interface SignedIn {
  readonly kind: 'operator' | 'api-key';
  /** The session or the key: what is revoked to end it. */
  readonly id: string;
  /** For a key: the name that the audit log calls it by, and its role. */
  readonly operator: Operator;
  /** Then it ends, whatever happens; null for never. */
  readonly expiresAt: Date | null;
  /** Then it ends where nobody does anything; null for never. */
  readonly idleEndsAt: Date | null;
  /** They may read what messages hold, as the setting was when they came. */
  readonly readsPayloads: boolean;
}

/** The same, before the settings are asked. */
export type KnownSignIn = Omit<SignedIn, 'readsPayloads'>;

/** What has ended: one sign-in, or with null every one of the operator. */
export interface EndedSignIn {
  readonly operatorId: string;
  readonly id: string | null;
}

/** Whether this sign-in is, or is among, what has ended. */
export function isEnded(signedIn: SignedIn, ended: EndedSignIn): boolean {
  return signedIn.operator.id === ended.operatorId && (ended.id === null || ended.id === signedIn.id);
}

/** Tells whoever keeps something open for a sign-in that it has ended. */
export class SignInEndings {
  private readonly listeners = new Set<(ended: EndedSignIn) => void>();

  /** Returns how to stop listening. */
  listen(listener: (ended: EndedSignIn) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(ended: EndedSignIn): void {
    for (const listener of this.listeners) listener(ended);
  }
}
