import type { Credentials } from '@perch/broker';
import type { UserAuthenticator } from '../user-authenticator.js';
import type { Answer } from './answer.js';
import type { ChainMember } from './chain-member.js';

/** How certificates are taken. */
export interface CertificateTerms {
  readonly id: string;
  /** Only who is a user of the database too, on that user's terms. */
  readonly requireUser: boolean;
  /** What the others are given. */
  readonly labels: readonly string[];
}

/** Lets in by a verified certificate that is the user name, without a password. */
export class CertificateMember implements ChainMember {
  readonly problem = null;

  constructor(
    private readonly terms: CertificateTerms,
    private readonly users: Pick<UserAuthenticator, 'authenticate'>,
  ) {}

  get id(): string {
    return this.terms.id;
  }

  passes({ username, password, certificateName }: Credentials): string | null {
    if (certificateName === null) return 'There is no certificate that counts as a user name.';
    if (password !== null) return 'It takes certificates without a password.';
    return username === certificateName ? null : 'The user name is not the one in the certificate.';
  }

  ask(credentials: Credentials): Answer | Promise<Answer> {
    if (this.terms.requireUser) return this.users.authenticate(credentials);
    return { accepted: true, username: credentials.username, authenticator: 'certificate', labels: this.terms.labels };
  }

  forget(): void {}
}
