import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { ApiError } from '../../http/api-error.js';
import type { FieldError } from '../../http/problem.js';
import { AccessControl } from '../../policy/access-control.js';
import { replacedSecrets, withoutSecrets } from '../../policy/access-secrets.js';
import { AccessSettings, usualAccessSettings } from '../../policy/access-settings.schema.js';
import { AccessSettingsStore } from '../../policy/access-settings.store.js';
import {
  type BackupSection,
  changesBetween,
  type FieldChange,
  nothingToDo,
  problemsAt,
  type RestoreOptions,
  type SectionPlan,
} from '../backup/backup-section.js';
import { AccessSettingsService } from './access-settings.service.js';
import { checked } from './checked-settings.js';

type Tx = Prisma.TransactionClient;

const name = 'access';
const LOCKED = 'is settled by the configuration of the server: change it there';

/** Who may come in, in a backup: null while nobody has saved it. */
@Injectable()
export class AccessBackup implements BackupSection {
  readonly name = name;

  constructor(
    private readonly service: AccessSettingsService,
    private readonly store: AccessSettingsStore,
    private readonly access: AccessControl,
  ) {}

  async read(tx: Tx, withSecrets: boolean): Promise<unknown> {
    const kept = await this.store.read(tx);
    if (!kept) return null;
    return withSecrets ? kept.settings : withoutSecrets(kept.settings);
  }

  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.service.inTurn(work);
  }

  lock(tx: Tx): Promise<void> {
    return this.store.lock(tx);
  }

  async plan(tx: Tx, part: unknown, { mode, actor }: RestoreOptions): Promise<SectionPlan> {
    const { revision, settings: before } = await this.service.kept(tx);
    if (part === null && (mode === 'merge' || revision === 0)) return nothingToDo({ unchanged: 1 });
    if (this.access.isLocked) {
      return nothingToDo({ items: [{ name, outcome: 'leave', changes: [], note: LOCKED }] });
    }
    const file = AccessSettings.safeParse(part ?? usualAccessSettings);
    if (!file.success) return nothingToDo({ problems: problemsAt(name, file.error) });
    const after = complete(file.data, before);
    if ('problems' in after) return nothingToDo({ problems: after.problems });
    const changes = changesOf(before, after.settings);
    if (changes.length === 0) return nothingToDo({ unchanged: 1 });
    return {
      items: [{ name, outcome: 'change', changes, note: null }],
      unchanged: 0,
      problems: [],
      apply: async (tx) => {
        const { result, ...deed } = await this.service.save(tx, { draft: file.data, actor, reconnect: false });
        return { deeds: [deed], enforce: () => this.service.enforce(result, false) };
      },
    };
  }
}

type Complete = { readonly settings: AccessSettings } | { readonly problems: FieldError[] };

/** With the secrets that the file has, and those that it leaves as they are. */
function complete(draft: AccessSettings, kept: AccessSettings): Complete {
  try {
    return { settings: checked(draft, kept) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return {
      problems: (error.extras.errors ?? []).map(({ path, message }) => ({ path: `${name}.${path}`, message })),
    };
  }
}

function changesOf(before: AccessSettings, after: AccessSettings): FieldChange[] {
  const shown = changesBetween<AccessSettings>(
    ['authenticators', 'authorizers'],
    withoutSecrets(before),
    withoutSecrets(after),
  );
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const hasOthers = replacedSecrets(after).length > 0 && secretsOf(before) !== secretsOf(after);
  return hasOthers ? [...shown, { field: 'secrets', before: 'as they are', after: 'others' }] : shown;
}

/** All that makes the difference between settings and what may be shown of them. */
function secretsOf(settings: AccessSettings): string {
  const texts: string[] = [];
  JSON.stringify(settings, (key, value: unknown) => {
    if (key === 'value' && typeof value === 'string') texts.push(value);
    return value;
  });
  return JSON.stringify(texts);
}
