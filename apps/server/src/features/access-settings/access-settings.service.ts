import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { AccessControl } from '../../policy/access-control.js';
import type { AccessSettings } from '../../policy/access-settings.schema.js';
import { AccessSettingsStore, type KeptAccess } from '../../policy/access-settings.store.js';
import { replacedSecrets, withoutSecrets } from '../../policy/access-secrets.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { AuditService } from '../audit/audit.service.js';
import { AccessPush } from './access-push.js';
import type { AccessDoc, AccessInput, AccessStatus, InvalidateInput } from './access-settings.schemas.js';
import { checked } from './checked-settings.js';

/** Who saves, and which revision they saw. */
export interface AccessEdit {
  readonly revision: number | null;
  readonly actor: Actor;
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
    return { authenticators: [...chain.status()], authorizerProblem: authorizer?.problem ?? null };
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
    const saved = this.turns.run(async () => {
      const made = await this.commit(edit, settings, reconnect);
      this.access.accept(made);
      await this.push.changed(reconnect);
      return this.current();
    });
    if (!saved) throw new ApiError('unavailable', 'Too many changes of the settings wait already.');
    return saved;
  }

  async invalidate({ username }: InvalidateInput, actor: Actor): Promise<void> {
    await this.audit.record(actor, { action: 'settings.access.invalidate', object: OBJECT, after: { username } });
    this.access.chain.forget(username);
    await this.push.askAnew();
  }

  private commit({ revision, actor }: AccessEdit, draft: AccessSettings, reconnect: boolean): Promise<KeptAccess> {
    return this.audit.change(actor, async (tx) => {
      await this.store.lock(tx);
      const kept = (await this.store.read(tx)) ?? this.access.current;
      if (revision !== kept.revision) throw mismatch(revision, kept.revision);
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
    });
  }
}

function mismatch(seen: number | null, current: number): ApiError {
  const detail = `You changed revision ${seen} of the settings, but revision ${current} is live.`;
  return new ApiError('revision-mismatch', detail, { current });
}
