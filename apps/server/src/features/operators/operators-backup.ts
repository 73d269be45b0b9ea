import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { FieldError } from '../../http/problem.js';
import { roles } from '../../http/permission.js';
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
import { type Operator, operatorName } from './operator.schemas.js';
import { OperatorSessions } from './operator-sessions.js';
import { objectOf } from './operators.service.js';
import { OperatorsStore } from './operators.store.js';

const FileOperator = z.strictObject({
  name: operatorName,
  role: z.enum(roles),
  disabled: z.boolean().default(false),
});

type FileOperator = z.infer<typeof FileOperator>;

interface Change {
  readonly before: Operator;
  readonly wanted: FileOperator;
}

const UNKNOWN = 'is no operator here: invite them. A backup never holds what an operator signs in with';
const YOURSELF = 'is you: somebody else has to change that';

/**
 * Operators in a backup: what they may do, never what they sign in with. A restore makes and removes none, and leaves
 * alone whoever does it.
 */
@Injectable()
export class OperatorsBackup implements BackupSection {
  readonly name = 'operators';

  constructor(
    private readonly store: OperatorsStore,
    private readonly sessions: OperatorSessions,
  ) {}

  async read(tx: Tx): Promise<unknown> {
    const operators = await this.store.list(tx);
    return operators.map(({ name, role, disabled }) => ({ name, role, disabled }));
  }

  lock(tx: Tx): Promise<void> {
    return this.store.lock(tx);
  }

  async plan(tx: Tx, part: unknown, { mode, actor }: RestoreOptions): Promise<SectionPlan> {
    const file = await readItems(FileOperator, part, this.name);
    const plan = new OperatorsPlan(await this.store.list(tx), actor.name);
    const planned = await planList(file, plan, { mode, apply: (tx) => this.apply(tx, plan.changed) });
    const problems = plan.leavesAnAdmin ? [] : [{ path: this.name, message: 'would leave no admin who can sign in' }];
    return { ...planned, problems: [...planned.problems, ...problems] };
  }

  private async apply(tx: Tx, changed: readonly Change[]) {
    const deeds: Deed[] = [];
    for (const { before, wanted } of changed) {
      const { role, disabled } = wanted;
      const after = await this.store.update(tx, before.id, { role, disabled });
      await this.sessions.removeAllOf(tx, before.id);
      deeds.push({ action: 'operators.update', object: objectOf(after), before, after, reason: 'backup' });
    }
    const enforce = () => Promise.resolve(changed.forEach(({ before }) => this.sessions.forget(before.id)));
    return { deeds, enforce };
  }
}

/** What becomes of which operator. */
class OperatorsPlan implements ListPlan<FileOperator> {
  readonly items: PlannedItem[] = [];
  readonly problems: FieldError[] = [];
  readonly changed: Change[] = [];
  unchanged = 0;
  private readonly here: ReadonlyMap<string, Operator>;
  /** As they would be. */
  private readonly after: Map<string, FileOperator>;
  private readonly seen = new Set<string>();

  constructor(
    operators: readonly Operator[],
    private readonly restorer: string,
  ) {
    this.here = new Map(operators.map((operator) => [operator.name, operator]));
    this.after = new Map(this.here);
  }

  get leavesAnAdmin(): boolean {
    return [...this.after.values()].some(({ role, disabled }) => role === 'admin' && !disabled);
  }

  take(wanted: FileOperator, path: string): void {
    const { name } = wanted;
    if (this.seen.has(name)) this.problems.push({ path: `${path}.name`, message: 'is there already' });
    this.seen.add(name);
    const before = this.here.get(name);
    const changes = before ? changesBetween<FileOperator>(['role', 'disabled'], before, wanted) : [];
    if (!before) this.items.push({ name, outcome: 'leave', changes, note: UNKNOWN });
    else if (changes.length === 0) this.unchanged++;
    else if (name === this.restorer) this.items.push({ name, outcome: 'leave', changes, note: YOURSELF });
    else {
      this.items.push({ name, outcome: 'change', changes, note: null });
      this.changed.push({ before, wanted });
      this.after.set(name, wanted);
    }
  }
}
