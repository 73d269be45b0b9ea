import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { ApiError } from '../../http/api-error.js';
import { PasswordHasher } from '../../policy/password-hasher.js';
import { AuditService } from '../audit/audit.service.js';
import { LoginThrottle } from '../auth/login-throttle.js';
import { OperatorSessions } from '../operators/operator-sessions.js';
import { OperatorsService } from '../operators/operators.service.js';
import type { Own } from './own-account.js';

/** Asks operators for their password before what matters, and makes the change with its entry in the audit log. */
@Injectable()
export class PasswordProofs {
  constructor(
    private readonly operators: OperatorsService,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly sessions: OperatorSessions,
    private readonly audit: AuditService,
  ) {}

  /** 422 at the field when it is not the password; 429 after too many guesses. */
  async assert({ operator, actor }: Own, password: string): Promise<void> {
    const isRight = await this.throttle.run({ address: actor.address, name: operator.name }, async () => {
      const known = await this.operators.credentials(operator.name);
      return (await this.hasher.verify(known?.passwordHash ?? null, password)) ? true : null;
    });
    if (isRight) return;
    throw new ApiError('invalid-fields', 'That is not your password.', {
      errors: [{ path: 'current', message: 'is not your password' }],
    });
  }

  /** Changes how the operator gets in; every session ends. */
  async change<Result>(
    { operator, actor }: Own,
    deed: { readonly action: string; readonly after: object },
    work: (tx: Prisma.TransactionClient) => Promise<Result>,
  ): Promise<Result> {
    const result = await this.audit.change(actor, async (tx) => {
      const done = await work(tx);
      await this.sessions.removeAllOf(tx, operator.id);
      return { result: done, object: `operator/${operator.name}`, ...deed };
    });
    this.sessions.forget(operator.id);
    return result;
  }
}
