import type { Credentials } from '@perch/broker';
import type { UserAuthenticator } from '../user-authenticator.js';
import { type Answer, notMine, refusedBecause } from './answer.js';
import type { ChainMember } from './chain-member.js';

/** Lets in users of the database by name and password. Who is no user is left to those behind, where there are any. */
export class UsersMember implements ChainMember {
  readonly problem = null;

  constructor(
    readonly id: string,
    private readonly users: Pick<UserAuthenticator, 'authenticate' | 'exists'>,
  ) {}

  passes({ username, password }: Credentials): string | null {
    return username === null || password === null ? 'It takes a user name with a password.' : null;
  }

  ask(credentials: Credentials, isLast: boolean): Answer | Promise<Answer> {
    // Where nobody is behind, an unknown name is to cost what a wrong password costs.
    if (isLast) return this.users.authenticate(credentials);
    const exists = this.users.exists(credentials.username ?? '');
    if (typeof exists === 'boolean') return this.decide(exists, credentials);
    return exists.then((known) =>
      typeof known === 'boolean'
        ? this.decide(known, credentials)
        : refusedBecause(known, 'The users cannot be read now.'),
    );
  }

  /** The users are told of each change by those who make it. */
  forget(): void {}

  private decide(exists: boolean, credentials: Credentials): Answer | Promise<Answer> {
    return exists ? this.users.authenticate(credentials) : notMine('There is no such user.');
  }
}
