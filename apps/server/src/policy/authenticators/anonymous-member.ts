import type { Credentials } from '@perch/broker';
import { type Answer, notMine } from './answer.js';
import type { ChainMember } from './chain-member.js';

/** How clients without credentials are taken. */
export interface AnonymousTerms {
  readonly id: string;
  /** Where the listener does not say otherwise. */
  readonly isAllowed: boolean;
  /** What they are given. */
  readonly labels: readonly string[];
}

/** Lets in who shows neither user name nor password. Half of the credentials is never anonymous. */
export class AnonymousMember implements ChainMember {
  readonly problem = null;

  constructor(private readonly terms: AnonymousTerms) {}

  get id(): string {
    return this.terms.id;
  }

  passes({ username, password }: Credentials): string | null {
    return username === null && password === null ? null : 'It takes clients that show no credentials at all.';
  }

  ask({ allowAnonymous }: Credentials): Answer {
    const { isAllowed, labels } = this.terms;
    if (!(allowAnonymous ?? isAllowed)) return notMine('Clients without credentials are not allowed here.');
    return { accepted: true, username: null, authenticator: 'anonymous', labels };
  }

  forget(): void {}
}
