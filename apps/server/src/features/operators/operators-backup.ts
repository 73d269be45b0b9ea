import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Prisma } from '../../database/generated/client.js';
import type { FieldError } from '../../http/problem.js';
import { roles } from '../../http/permission.js';
import type { Deed } from '../audit/audit.service.js';
import {
  type BackupSection,
  changesBetween,
  type PlannedItem,
  readItems,
  type RestoreOptions,
  type SectionPlan,
  withoutTurn,
} from '../backup/backup-section.js';
import { type Operator, operatorName } from './operator.schemas.js';
import { OperatorSessions } from './operator-sessions.js';
import { objectOf } from './operators.service.js';
import { OperatorsStore } from './operators.store.js';

type Tx = Prisma.TransactionClient;

const FileOperator = z.strictObject({
  name: operatorName,
  role: z.enum(roles),
  disabled: z.boolean().default(false),
});

type FileOperator = z.infer<typeof FileOperator>;

const UNKNOWN = 'is no operator here: invite them. A backup never holds what an operator signs in with';
const YOURSELF = 'is you: somebody else has to change that';

/**
 * Operators in a backup: what they may do, never what they sign in with. A restore makes and removes none, and leaves
 * alone whoever does it.
 */
@Injectable()
export class OperatorsBackup implements BackupSection {
  readonly name = 'operators';
  readonly inTurn = withoutTurn;

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

  async plan(tx: Tx, part: unknown, { actor }: RestoreOptions): Promise<SectionPlan> {
    const { items: file, problems: unreadable } = await readItems(FileOperator, part, this.name);
    const here = new Map((await this.store.list(tx)).map((operator) => [operator.name, operator]));
    const items: PlannedItem[] = [];
    const after = new Map(here);
    const problems: FieldError[] = [...unreadable];
    const seen = new Set<string>();
    let unchanged = 0;
    for (const { value, path } of file) {
      if (seen.has(value.name)) problems.push({ path: `${path}.name`, message: 'is there already' });
      seen.add(value.name);
      const operator = here.get(value.name);
      const changes = operator ? changesBetween<FileOperator>(['role', 'disabled'], operator, value) : [];
      if (operator && changes.length === 0) unchanged++;
      else if (!operator) items.push({ name: value.name, outcome: 'leave', changes: [], note: UNKNOWN });
      else if (actor.name === value.name) items.push({ name: value.name, outcome: 'leave', changes, note: YOURSELF });
      else {
        items.push({ name: value.name, outcome: 'change', changes, note: null });
        after.set(value.name, { ...operator, ...value });
      }
    }
    if (![...after.values()].some(({ role, disabled }) => role === 'admin' && !disabled)) {
      problems.push({ path: this.name, message: 'would leave no admin who can sign in' });
    }
    const changed = [...after.values()].filter((operator) => here.get(operator.name) !== operator);
    return { items, unchanged, problems, apply: (tx) => this.apply(tx, here, changed) };
  }

  private async apply(tx: Tx, here: ReadonlyMap<string, Operator>, changed: readonly Operator[]) {
    const deeds: Deed[] = [];
    for (const { id, role, disabled, name } of changed) {
      const after = await this.store.update(tx, id, { role, disabled });
      await this.sessions.removeAllOf(tx, id);
      const before = here.get(name) ?? null;
      deeds.push({ action: 'operators.update', object: objectOf(after), before, after, reason: 'backup' });
    }
    const enforce = () => Promise.resolve(changed.forEach(({ id }) => this.sessions.forget(id)));
    return { deeds, enforce };
  }
}
