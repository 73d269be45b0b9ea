import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { AccessControl } from '../../policy/access-control.js';
import type { AccessSettings } from '../../policy/access-settings.schema.js';
import { AccessSettingsStore, type KeptAccess } from '../../policy/access-settings.store.js';
import { replacedSecrets, withoutSecrets } from '../../policy/access-secrets.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { AuditService, type Change } from '../audit/audit.service.js';
import { AccessPush } from './access-push.js';
import type { AccessDoc, AccessInput, AccessStatus, InvalidateInput } from './access-settings.schemas.js';
import { checked } from './checked-settings.js';

/** Who saves, and which revision they saw. */
export interface AccessEdit {
  readonly revision: number | null;
  readonly actor: Actor;
}

/** Settings that somebody wants to save. */
export interface AccessDraft {
  readonly draft: AccessSettings;
  readonly actor: Actor;
  /** Everybody who is connected has to come in anew. */
  readonly reconnect: boolean;
}

const OBJECT = 'settings/access';

/** Decides over who may come in. What it changes holds for whoever comes after it returns. */
@Injectable()
export class AccessSettingsService {
  /** The order of commits is the order in which settings come to be. */
  private readonly turns = new BoundedQueue(1, 20);

  constructor(
    private readonly access: AccessControl,
    private readonly store: AccessSettingsStore,
    private readonly push: AccessPush,
    private readonly audit: AuditService,
  ) {}

  current(): AccessDoc {
    const { settings, ...kept } = this.access.current;
    const { isLocked, allowsAnonymous } = this.access;
    return { ...kept, isLocked, allowsAnonymous, ...withoutSecrets(settings) };
  }

  status(): AccessStatus {
    const { chain, authorizer } = this.access;
    return { authenticators: [...chain.status()], authorizers: authorizer?.status() ?? [] };
  }

  replace(edit: AccessEdit, { reconnect, ...settings }: AccessInput): Promise<AccessDoc> {
    if (this.access.isLocked) {
      throw new ApiError(
        'settings-locked',
        'The configuration of the server settles who may come in: change it there.',
      );
    }
    if (edit.revision === null) {
      throw new ApiError('revision-required', 'Send If-Match with the revision that you changed.');
    }
    return this.inTurn(async () => {
      const made = await this.audit.change(edit.actor, async (tx) => {
        await this.store.lock(tx);
        const { revision } = await this.kept(tx);
        if (edit.revision !== revision) throw mismatch(edit.revision, revision);
        return this.save(tx, { draft: settings, actor: edit.actor, reconnect });
      });
      await this.enforce(made, reconnect);
      return this.current();
    });
  }

  /** Runs the work when those who save before are done. 503 when too many are. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.turns.run(work);
    if (!done) throw new ApiError('unavailable', 'Too many changes of the settings wait already.');
    return done;
  }

  /** What is saved now; before anybody has, what the server began with. */
  async kept(tx: Prisma.TransactionClient): Promise<KeptAccess> {
    return (await this.store.read(tx)) ?? this.access.current;
  }

  /** Saves the next revision as part of a transaction that has the lock; to be enforced in the same turn, when it is committed. */
  async save(tx: Prisma.TransactionClient, { draft, actor, reconnect }: AccessDraft): Promise<Change<KeptAccess>> {
    const kept = await this.kept(tx);
    const made: KeptAccess = {
      revision: kept.revision + 1,
      savedAt: new Date().toISOString(),
      savedBy: actor.name,
      settings: checked(draft, kept.settings),
    };
    await this.store.write(tx, made);
    const before = { revision: kept.revision, ...withoutSecrets(kept.settings) };
    const after = {
      revision: made.revision,
      reconnect,
      replacedSecrets: replacedSecrets(draft),
      ...withoutSecrets(made.settings),
    };
    return { result: made, action: 'settings.access', object: OBJECT, before, after };
  }

  /** Whoever comes from now on comes by what was saved; so do those who are connected, where they must. */
  async enforce(made: KeptAccess, reconnect: boolean): Promise<void> {
    this.access.accept(made);
    await this.push.changed(reconnect);
  }

  async invalidate({ username }: InvalidateInput, actor: Actor): Promise<void> {
    await this.audit.record(actor, { action: 'settings.access.invalidate', object: OBJECT, after: { username } });
    this.access.chain.forget(username);
    await this.push.askAnew();
  }
}

function mismatch(seen: number | null, current: number): ApiError {
  const detail = `You changed revision ${seen} of the settings, but revision ${current} is live.`;
  return new ApiError('revision-mismatch', detail, { current });
}
