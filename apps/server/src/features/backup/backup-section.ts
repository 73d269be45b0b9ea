import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { Prisma } from '../../database/generated/client.js';
import type { Actor } from '../../http/actor.js';
import type { FieldError } from '../../http/problem.js';
import type { Deed } from '../audit/audit.service.js';

/** The transaction that all sections are planned and restored in. */
export type Tx = Prisma.TransactionClient;

/** The parts of a backup, in the order in which they are restored. */
export const sectionNames = ['settings', 'audit', 'access', 'policy', 'users', 'bans', 'operators'] as const;

export type SectionName = (typeof sectionNames)[number];

/** How a part is restored, and by whom. */
export interface RestoreOptions {
  /** `merge` adds and changes; `replace` also takes away what the file does not have. */
  readonly mode: 'merge' | 'replace';
  /** Whoever loses something is disconnected, as against only losing it. */
  readonly disconnect: boolean;
  /** Why access tests that fail do not matter. */
  readonly overrideReason: string | undefined;
  readonly actor: Actor;
}

/** What becomes of one thing. `leave`: it is in the file and cannot be restored, for the reason in `note`. */
export interface PlannedItem {
  readonly name: string;
  readonly outcome: 'create' | 'change' | 'remove' | 'leave';
  /** Without secrets. */
  readonly changes: readonly FieldChange[];
  readonly note: string | null;
}

/** One value, as JSON can say it; null where there is none. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What a restore would do to one section. What stays as it is, is only counted. */
export interface SectionPlan {
  readonly items: readonly PlannedItem[];
  readonly unchanged: number;
  /** What is wrong in the file, by the path in it. */
  readonly problems: readonly FieldError[];
  /** Does it, as part of the transaction that it was planned in. */
  apply(tx: Tx): Promise<Applied>;
}

/** What was done, and what is left to do once it is committed. */
export interface Applied {
  readonly deeds: readonly Deed[];
  /** Brings it to whoever is connected. */
  enforce(): Promise<void>;
}

/** One part of the configuration, as a backup holds it and takes it back. */
export interface BackupSection {
  readonly name: SectionName;
  /** What of it goes into a file: JSON, or an array that is read a page at a time. */
  read(tx: Tx, withSecrets: boolean): Promise<unknown> | AsyncIterable<unknown>;
  /** Runs the work while nothing else of this section is brought to who is connected; left out where any order will do. */
  inTurn?<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Until the transaction ends, nobody else changes it. */
  lock(tx: Tx): Promise<void>;
  plan(tx: Tx, part: unknown, options: RestoreOptions): Promise<SectionPlan>;
}

/** Items that can be read, each with its place in the file, and what is wrong with the others. */
export interface ReadItems<Item> {
  readonly items: readonly { readonly value: Item; readonly path: string }[];
  readonly problems: readonly FieldError[];
}

const ITEMS_IN_TURN = 250;

/** Reads a list of the file. Messages wait while items are looked at: a few at a time. */
export async function readItems<Schema extends z.ZodType>(
  schema: Schema,
  part: unknown,
  section: SectionName,
): Promise<ReadItems<z.output<Schema>>> {
  if (!Array.isArray(part)) return { items: [], problems: [{ path: section, message: 'must be a list' }] };
  const items: { value: z.output<Schema>; path: string }[] = [];
  const problems: FieldError[] = [];
  for (const [index, item] of part.entries()) {
    if (index % ITEMS_IN_TURN === ITEMS_IN_TURN - 1) await nextTurn();
    const path = `${section}.${index}`;
    const parsed = schema.safeParse(item);
    if (parsed.success) items.push({ value: parsed.data, path });
    else problems.push(...problemsAt(path, parsed.error));
  }
  return { items, problems };
}

/** What becomes of the items of a list, as they are taken one by one. */
export interface ListPlan<Item> extends Omit<SectionPlan, 'apply'> {
  take(item: Item, path: string): void;
  /** Takes away what the list does not have; left out where a restore takes nothing away. */
  removeOthers?(): void;
}

/** Plans a list of the file. Messages wait while it does: a few items at a time. */
export async function planList<Item>(
  file: ReadItems<Item>,
  plan: ListPlan<Item>,
  { mode, apply }: Pick<RestoreOptions, 'mode'> & Pick<SectionPlan, 'apply'>,
): Promise<SectionPlan> {
  for (const [index, { value, path }] of file.items.entries()) {
    if (index % ITEMS_IN_TURN === ITEMS_IN_TURN - 1) await nextTurn();
    plan.take(value, path);
  }
  // What cannot be read may be something that is to stay.
  if (mode === 'replace' && file.problems.length === 0) plan.removeOthers?.();
  const { items, unchanged, problems } = plan;
  return { items, unchanged, problems: [...file.problems, ...problems], apply };
}

/** What a schema says of a part of the file, by the path in the file. */
export function problemsAt(path: string, { issues }: z.ZodError): FieldError[] {
  return issues.map((issue) => ({ path: [path, ...issue.path].join('.'), message: issue.message }));
}

/** In which of these fields two things differ. */
export function changesBetween<Fields extends object>(
  fields: readonly (keyof Fields & string)[],
  before: Partial<Fields>,
  after: Partial<Fields>,
): FieldChange[] {
  return fields.flatMap((field) => {
    const [was, is] = [before[field] ?? null, after[field] ?? null];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, before: was, after: is }];
  });
}

/** A plan of one thing that stays as it is, or of nothing at all. */
export function nothingToDo(plan: Partial<Pick<SectionPlan, 'items' | 'unchanged' | 'problems'>>): SectionPlan {
  const apply = () => Promise.resolve({ deeds: [], enforce: () => Promise.resolve() });
  return { items: [], unchanged: 0, problems: [], ...plan, apply };
}
