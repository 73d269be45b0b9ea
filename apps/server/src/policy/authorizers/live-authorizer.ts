import type { Authorization, Authorizer } from '@perch/broker';
import type { Action, ClientIdentity } from '@perch/policy';
import type { HttpAuthorizer } from './http-authorizer.js';

const NOTHING_TO_SAY: Authorization = { allowed: null, validUntil: null };

/** The authorizer that the settings name now, for a broker that is given one for good. */
export class LiveAuthorizer implements Authorizer {
  private current: HttpAuthorizer | null = null;

  /** Asks this one from now on; null: nobody. */
  use(authorizer: HttpAuthorizer | null): void {
    this.current = authorizer;
  }

  /** Whether there is anybody to ask. */
  get isOn(): boolean {
    return this.current !== null;
  }

  /** What keeps it from answering, or null. */
  get problem(): string | null {
    return this.current?.problem ?? null;
  }

  async ask(identity: ClientIdentity, action: Action, topic: string): Promise<Authorization> {
    return this.current?.ask(identity, action, topic) ?? NOTHING_TO_SAY;
  }
}
