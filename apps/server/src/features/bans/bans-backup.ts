import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Ban as BanRow } from '../../database/generated/client.js';
import { line } from '../../http/fields.js';
import type { FieldError } from '../../http/problem.js';
import { BanList } from '../../policy/bans/ban-list.js';
import { banOf, BansStore, type NewBan } from '../../policy/bans/bans.store.js';
import type { Deed } from '../audit/audit.service.js';
import {
  type BackupSection,
  changesBetween,
  type ListPlan,
  type PlannedItem,
  planList,
  readItems,
  type RestoreOptions,
  type SectionPlan,
  type Tx,
} from '../backup/backup-section.js';
import { isOwn, targetKey } from './ban-target.js';
import { banTarget, isTarget, notAnAddress, reason } from './ban.schemas.js';
import { BansService, objectOf } from './bans.service.js';

const FileBan = z
  .strictObject({
    ...banTarget,
    reason: reason.default(''),
    until: z.iso.datetime({ offset: true }).nullable().default(null),
    createdBy: line(300).default(''),
  })
  .refine(isTarget, notAnAddress);

type FileBan = z.infer<typeof FileBan>;

interface Change {
  readonly row: BanRow;
  readonly data: Pick<BanRow, 'reason' | 'until'>;
}

/** The bans that hold, in a backup. Those that are over are history, and not in it. */
@Injectable()
export class BansBackup implements BackupSection {
  readonly name = 'bans';

  constructor(
    private readonly store: BansStore,
    private readonly list: BanList,
    private readonly bans: BansService,
  ) {}

  async read(tx: Tx): Promise<unknown> {
    const rows = await this.store.active(undefined, tx);
    return rows.map(({ kind, value, reason, until, createdBy }) => ({ kind, value, reason, until, createdBy }));
  }

  lock(tx: Tx): Promise<void> {
    return this.store.lockAll(tx);
  }

  async plan(tx: Tx, part: unknown, options: RestoreOptions): Promise<SectionPlan> {
    const file = await readItems(FileBan, part, this.name);
    const plan = new BansPlan(await this.store.active(undefined, tx), options);
    return planList(file, plan, { mode: options.mode, apply: (tx) => this.apply(tx, plan, options) });
  }

  private async apply(tx: Tx, { added, changed, lifted }: BansPlan, { actor }: RestoreOptions) {
    const made = await this.store.insertAll(tx, added);
    const deeds = made.map((row): Deed => ({ action: 'bans.create', object: objectOf(row), after: shown(row) }));
    const after: BanRow[] = [];
    for (const { row, data } of changed) {
      const changedRow = await this.store.update(tx, row.id, data);
      after.push(changedRow);
      const object = objectOf(row);
      deeds.push({ action: 'bans.update', object, before: shown(row), after: shown(changedRow) });
    }
    const liftedAt = new Date();
    for (const row of lifted) {
      await this.store.update(tx, row.id, { liftedAt, liftedBy: actor.name });
      deeds.push({ action: 'bans.lift', object: objectOf(row), before: shown(row), after: null });
    }
    const enforce = async () => {
      for (const { id } of lifted) this.list.remove(id);
      for (const row of after) this.list.put(banOf(row));
      await this.bans.enforce(made);
    };
    return { deeds: deeds.map((deed) => ({ ...deed, reason: 'backup' })), enforce };
  }
}

/** What becomes of which ban. */
class BansPlan implements ListPlan<FileBan> {
  readonly items: PlannedItem[] = [];
  readonly problems: FieldError[] = [];
  readonly added: NewBan[] = [];
  readonly changed: Change[] = [];
  readonly lifted: BanRow[] = [];
  unchanged = 0;
  private readonly rows: ReadonlyMap<string, BanRow>;
  private readonly seen = new Set<string>();

  constructor(
    active: readonly BanRow[],
    private readonly options: RestoreOptions,
  ) {
    this.rows = new Map(active.map((row) => [targetKey(banOf(row)), row]));
  }

  take(ban: FileBan, path: string): void {
    const key = targetKey(ban);
    if (this.seen.has(key)) this.problems.push({ path: `${path}.value`, message: 'is banned by an earlier one' });
    this.seen.add(key);
    const row = this.rows.get(key);
    const until = ban.until === null ? null : new Date(ban.until);
    if (until !== null && until.getTime() <= Date.now()) this.leave(ban, row);
    else if (row) this.change(row, { reason: ban.reason, until });
    else if (isOwn(ban, this.options.actor)) {
      const message = `You come from ${this.options.actor.address}, which this would keep out`;
      this.problems.push({ path: `${path}.value`, message });
    } else {
      const { kind, value, reason } = ban;
      this.added.push({ kind, value, reason, until, createdBy: ban.createdBy || this.options.actor.name });
      this.items.push(item(ban, 'create', [{}, { reason, until }]));
    }
  }

  /** Lifts what the file does not have. */
  removeOthers(): void {
    for (const [key, row] of this.rows) {
      if (this.seen.has(key)) continue;
      this.lifted.push(row);
      this.items.push(item(row, 'remove', [row, {}]));
    }
  }

  private leave(ban: FileBan, row: BanRow | undefined): void {
    if (row) this.unchanged++;
    else this.items.push({ name: objectOf(ban), outcome: 'leave', changes: [], note: 'has ended in the meantime' });
  }

  private change(row: BanRow, data: Change['data']): void {
    const planned = item(row, 'change', [row, data]);
    if (planned.changes.length === 0) this.unchanged++;
    else {
      this.items.push(planned);
      this.changed.push({ row, data });
    }
  }
}

type Terms = Partial<Change['data']>;

function item(
  ban: Pick<BanRow, 'kind' | 'value'>,
  outcome: PlannedItem['outcome'],
  [before, after]: readonly [Terms, Terms],
): PlannedItem {
  const changes = changesBetween<Change['data']>(['reason', 'until'], before, after);
  return { name: objectOf(ban), outcome, changes, note: null };
}

function shown({ kind, value, reason, until, createdBy }: BanRow): object {
  return { kind, value, reason, until, createdBy };
}
