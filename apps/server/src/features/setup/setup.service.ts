import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { LoginThrottle } from '../auth/login-throttle.js';
import type { Operator } from '../operators/operator.schemas.js';
import { OperatorsService } from '../operators/operators.service.js';
import type { Setup, SetupState } from './setup.schemas.js';
import { SetupLink } from './setup-link.js';

/** Makes the first operator. */
@Injectable()
export class SetupService {
  constructor(
    private readonly link: SetupLink,
    private readonly operators: OperatorsService,
    private readonly throttle: LoginThrottle,
  ) {}

  async state(): Promise<SetupState> {
    return { needed: await this.operators.isEmpty() };
  }

  /** With the link's token. 409 when there is an operator, 403 when the token is not the link's. */
  async complete({ token, ...input }: Setup, actor: Actor): Promise<Operator> {
    await this.assertNeeded();
    const isValid = await this.throttle.run({ address: actor.address, name: 'setup' }, async () =>
      (await this.link.matches(token)) ? true : null,
    );
    if (!isValid) {
      // Somebody may have used the link in the meantime: then it is done, not wrong.
      await this.assertNeeded();
      throw new ApiError('bad-token', 'Use the link that the server printed at its last start.');
    }
    return this.operators.createFirst(input, actor, (tx) => this.link.consume(tx));
  }

  private async assertNeeded(): Promise<void> {
    if (!(await this.operators.isEmpty())) throw new ApiError('set-up-done', 'Sign in instead.');
  }
}
