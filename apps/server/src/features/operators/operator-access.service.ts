import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { AuditService } from '../audit/audit.service.js';
import type { OperatorSessionList } from './operator-session.schemas.js';
import { OperatorSessions } from './operator-sessions.js';
import { OperatorsStore } from './operators.store.js';
import { SecondFactor } from './second-factor.js';

/** What an admin decides over how other operators get in: their sessions, their second factor. */
@Injectable()
export class OperatorAccessService {
  constructor(
    private readonly store: OperatorsStore,
    private readonly sessions: OperatorSessions,
    private readonly factor: SecondFactor,
    private readonly audit: AuditService,
  ) {}

  async list(operatorId: string, currentId: string | null): Promise<OperatorSessionList> {
    const { id } = await this.store.get(operatorId);
    return { items: await this.sessions.listOf(id, currentId) };
  }

  /** Ends one session, and what was opened with it, before it resolves. 404 when there is none. */
  async end(operatorId: string, sessionId: string, actor: Actor): Promise<void> {
    await this.audit.change(actor, async (tx) => {
      const operator = await this.store.get(operatorId, tx);
      const before = await this.sessions.remove(tx, operator.id, sessionId);
      if (!before) throw new ApiError('not-found', 'There is no session with this id.');
      return { result: undefined, action: 'sessions.end', object: `operator/${operator.name}`, before, after: null };
    });
    this.sessions.forget(operatorId, sessionId);
  }

  /** Ends all sessions of an operator. */
  async endAll(operatorId: string, actor: Actor): Promise<void> {
    await this.audit.change(actor, async (tx) => {
      const { id, name } = await this.store.get(operatorId, tx);
      await this.sessions.removeAllOf(tx, id);
      return { result: undefined, action: 'sessions.endAll', object: `operator/${name}` };
    });
    this.sessions.forget(operatorId);
  }

  /** For somebody who lost their device and their recovery codes. Their sessions end. */
  async resetSecondFactor(operatorId: string, actor: Actor): Promise<void> {
    await this.audit.change(actor, async (tx) => {
      const { id, name, secondFactor } = await this.store.get(operatorId, tx);
      await this.factor.disable(tx, id);
      await this.sessions.removeAllOf(tx, id);
      const [before, after] = [{ secondFactor }, { secondFactor: false }];
      return { result: undefined, action: 'operators.resetSecondFactor', object: `operator/${name}`, before, after };
    });
    this.sessions.forget(operatorId);
  }
}
