import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { z } from 'zod';
import {
  type BackupSection,
  nothingToDo,
  type PlannedItem,
  problemsAt,
  type RestoreOptions,
  type SectionPlan,
} from '../backup/backup-section.js';
import type { FieldError } from '../../http/problem.js';
import { SettingsService } from './settings.service.js';
import { SettingsStore } from './settings.store.js';

type Tx = Prisma.TransactionClient;

const File = z.record(z.string().max(64), z.unknown());

/** The settings that were saved in the dashboard, in a backup. What a file or the environment settles is not among them. */
@Injectable()
export class SettingsBackup implements BackupSection {
  readonly name = 'settings';

  constructor(
    private readonly settings: SettingsService,
    private readonly store: SettingsStore,
  ) {}

  read(tx: Tx): Promise<unknown> {
    return this.store.read(tx);
  }

  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.settings.inTurn(work);
  }

  lock(tx: Tx): Promise<void> {
    return this.store.lock(tx);
  }

  async plan(tx: Tx, part: unknown, { mode }: RestoreOptions): Promise<SectionPlan> {
    const file = File.safeParse(part);
    if (!file.success) return nothingToDo({ problems: problemsAt('settings', file.error) });
    const kept = await this.store.read(tx);
    const items: PlannedItem[] = [];
    const problems: FieldError[] = [];
    const wanted: Record<string, unknown> = {};
    let unchanged = 0;
    for (const [key, value] of Object.entries(file.data)) {
      const lock = this.settings.problemOf(key);
      const checked = lock === null ? this.settings.valueOf(key, value) : null;
      if (lock !== null) items.push({ name: key, outcome: 'leave', changes: [], note: lock });
      else if (checked && 'problem' in checked) problems.push({ path: `settings.${key}`, message: checked.problem });
      else if (checked?.value === (kept[key] ?? null)) unchanged++;
      else {
        wanted[key] = checked?.value ?? null;
        items.push(changeOf(key, kept[key], wanted[key]));
      }
    }
    for (const key of mode === 'replace' ? Object.keys(kept) : []) {
      if (key in file.data || this.settings.problemOf(key) !== null) continue;
      wanted[key] = null;
      items.push(changeOf(key, kept[key], null));
    }
    return { items, problems, unchanged, apply: (tx) => this.apply(tx, wanted) };
  }

  private async apply(tx: Tx, wanted: Readonly<Record<string, unknown>>) {
    if (Object.keys(wanted).length === 0) return { deeds: [], enforce: () => Promise.resolve() };
    const deed = await this.settings.save(tx, wanted);
    return { deeds: [deed], enforce: () => Promise.resolve(this.settings.enforce(wanted)) };
  }
}

function changeOf(name: string, before: unknown, after: unknown): PlannedItem {
  const outcome = before === undefined ? 'create' : after === null ? 'remove' : 'change';
  return { name, outcome, changes: [{ field: 'value', before: before ?? null, after }], note: null };
}
