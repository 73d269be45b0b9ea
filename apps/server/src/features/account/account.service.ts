import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { PasswordHasher } from '../../policy/password-hasher.js';
import { OperatorSessions } from '../operators/operator-sessions.js';
import { OperatorsService } from '../operators/operators.service.js';
import { SecondFactor } from '../operators/second-factor.js';
import type { PasswordChange, ProposedSecondFactor } from './account.schemas.js';
import type { Own } from './own-account.js';
import { PasswordProofs } from './password-proofs.js';

/** What operators decide over themselves. Whatever changes how they get in ends every session but a new one. */
@Injectable()
export class AccountService {
  constructor(
    private readonly operators: OperatorsService,
    private readonly sessions: OperatorSessions,
    private readonly factor: SecondFactor,
    private readonly hasher: PasswordHasher,
    private readonly proofs: PasswordProofs,
  ) {}

  async changePassword(own: Own, { current, password }: PasswordChange): Promise<void> {
    await this.proofs.assert(own, current);
    const passwordHash = await this.hasher.hash(password);
    await this.proofs.change(own, { action: 'account.changePassword', after: { password: 'changed' } }, (tx) =>
      this.operators.setPassword(tx, own.operator.id, passwordHash),
    );
  }

  async proposeSecondFactor({ operator }: Own): Promise<ProposedSecondFactor> {
    if (operator.secondFactor)
      throw new ApiError('second-factor-on', 'Remove the present one before you set up another.');
    return this.factor.propose(operator.id, operator.name);
  }

  /** Returns the recovery codes. */
  async confirmSecondFactor(own: Own, code: string): Promise<string[]> {
    const { id } = own.operator;
    const secret = await this.factor.isProof(id, code);
    return this.proofs.change(own, { action: 'account.enableSecondFactor', after: { secondFactor: true } }, (tx) =>
      this.factor.enable(tx, id, secret),
    );
  }

  async removeSecondFactor(own: Own, current: string): Promise<void> {
    await this.proofs.assert(own, current);
    await this.proofs.change(own, { action: 'account.removeSecondFactor', after: { secondFactor: false } }, (tx) =>
      this.factor.disable(tx, own.operator.id),
    );
  }

  listSessions({ operator, sessionId }: Own) {
    return this.sessions.listOf(operator.id, sessionId);
  }
}
