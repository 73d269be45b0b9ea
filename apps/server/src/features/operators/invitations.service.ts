import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { tokenHash } from '../../http/token-hash.js';
import { PasswordHasher } from '../../policy/password-hasher.js';
import { AuditService } from '../audit/audit.service.js';
import type {
  AcceptedInvitation,
  Invitation,
  InvitationList,
  IssuedInvitation,
  NewInvitation,
} from './invitation.schemas.js';
import { InvitationsStore } from './invitations.store.js';
import type { Operator } from './operator.schemas.js';
import { nameTaken, OperatorsStore } from './operators.store.js';

const openMs = 24 * 3_600_000;

/** Lets people become operators with a link that opens once and for a day, so that no password is ever sent around. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly store: InvitationsStore,
    private readonly operators: OperatorsStore,
    private readonly hasher: PasswordHasher,
    private readonly audit: AuditService,
  ) {}

  async list(): Promise<InvitationList> {
    return { items: await this.store.open(new Date()) };
  }

  /** 409 when there is an operator of this name. An earlier invitation of the same name opens no longer. */
  create({ name, role }: NewInvitation, actor: Actor): Promise<IssuedInvitation> {
    const token = randomBytes(32).toString('base64url');
    return this.audit.change(actor, async (tx) => {
      if (await this.operators.credentials(name)) throw nameTaken(name);
      const invitation = await this.store.insert(tx, {
        name,
        role,
        tokenHash: tokenHash(token),
        createdBy: actor.name,
        expiresAt: new Date(Date.now() + openMs),
      });
      // Behind the `#`: browsers do not send that part, so it is in no log of a server or a proxy.
      const result = { invitation, path: `/join#${token}` };
      return { result, action: 'invitations.create', object: objectOf(invitation), after: invitation };
    });
  }

  /** 404 when there is no such invitation. */
  revoke(id: string, actor: Actor): Promise<void> {
    return this.audit.change(actor, async (tx) => {
      const before = await this.store.remove(tx, id);
      if (!before) throw new ApiError('not-found', 'There is no open invitation with this id.');
      return { result: undefined, action: 'invitations.revoke', object: objectOf(before), before, after: null };
    });
  }

  /** Who a link is for. 403 when it does not open (any more). */
  async look(token: string): Promise<Invitation> {
    return (await this.store.find(tokenHash(token), new Date())) ?? refused();
  }

  /** Makes the operator with the password they chose; the link is spent. */
  async accept({ token, password }: AcceptedInvitation, actor: Actor): Promise<Operator> {
    await this.look(token); // nobody without a link makes us hash
    const passwordHash = await this.hasher.hash(password);
    const now = new Date();
    const invitation = await this.look(token);
    return this.audit.change({ ...actor, name: invitation.name }, async (tx) => {
      // Whoever removes it has it: of two at one time one finds it gone.
      if (!(await this.store.remove(tx, invitation.id)) || Date.parse(invitation.expiresAt) <= now.getTime()) refused();
      const { name, role } = invitation;
      const result = await this.operators.insert(tx, { name, role, passwordHash });
      return { result, action: 'invitations.accept', object: objectOf(result), after: result };
    });
  }
}

function objectOf({ name }: { readonly name: string }): string {
  return `operator/${name}`;
}

function refused(): never {
  throw new ApiError('bad-token', 'The invitation was used, was withdrawn or is older than a day. Ask for another.');
}
