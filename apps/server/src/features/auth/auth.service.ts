import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { permissionsFor } from '../../http/permission.js';
import { PasswordHasher } from '../../policy/password-hasher.js';
import { AuditService } from '../audit/audit.service.js';
import type { Operator } from '../operators/operator.schemas.js';
import { SecondFactor } from '../operators/second-factor.js';
import { OperatorsService } from '../operators/operators.service.js';
import type { Login, Me } from './auth.schemas.js';
import { LoginThrottle } from './login-throttle.js';

/** Lets operators in and out. */
@Injectable()
export class AuthService {
  constructor(
    private readonly operators: OperatorsService,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly audit: AuditService,
    private readonly factor: SecondFactor,
  ) {}

  /**
   * The operator with this name and password, and the code of their second factor. Whatever is wrong, the answer and
   * its time are the same; that a code is missing is told to who has the password.
   */
  async login({ name, password, code }: Login, actor: Actor): Promise<Operator> {
    let isCodeMissing = false;
    const known = await this.throttle.run({ address: actor.address, name }, async () => {
      const found = await this.operators.credentials(storable(name));
      const matches = await this.hasher.verify(found?.passwordHash ?? null, password);
      if (!found || !matches || found.operator.disabled) return null;
      if (found.totpSecret === null) return found.operator;
      isCodeMissing = code === undefined;
      const isRight = code !== undefined && (await this.factor.accepts(found.operator.id, found.totpSecret, code));
      return isRight ? found.operator : null;
    });
    if (known) return this.operators.loggedIn(known.id, { ...actor, name: known.name });
    if (isCodeMissing) throw new ApiError('code-required', 'Enter the code of your authenticator app.');
    await this.audit.refused({ ...actor, name: '' }, deed(storable(name)));
    const what = code === undefined ? 'The name or the password' : 'The name, the password or the code';
    throw new ApiError('bad-credentials', `${what} is wrong.`);
  }

  /** Writes down that the operator has signed out. */
  loggedOut(actor: Actor): Promise<void> {
    return this.audit.record(actor, { action: 'auth.logout', object: `operator/${actor.name}` });
  }

  me({ signedIn }: PerchRequest): Me {
    if (!signedIn) throw new ApiError('sign-in-required', 'Sign in first.');
    const { kind, operator, expiresAt, idleEndsAt } = signedIn;
    const ends = [expiresAt, idleEndsAt].flatMap((end) => (end === null ? [] : end.getTime()));
    const secondsLeft = ends.length === 0 ? null : Math.max(0, Math.round((Math.min(...ends) - Date.now()) / 1000));
    const mayStay = idleEndsAt !== null && (expiresAt === null || idleEndsAt < expiresAt);
    return { ...operator, kind, permissions: [...permissionsFor(signedIn)], secondsLeft, mayStay };
  }
}

function deed(name: string) {
  return { action: 'auth.login', object: `operator/${name}`, reason: 'bad-credentials' };
}

/** Postgres text cannot hold NUL, so nobody has a name with one. */
function storable(name: string): string {
  return name.replaceAll('\0', '\u{FFFD}');
}
