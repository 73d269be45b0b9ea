import { createHash, type Hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { chunksOf } from '../../database/chunks-of.js';
import type { FieldError } from '../../http/problem.js';
import type { BackupFile } from './backup-file.js';
import type { PlannedItem, SectionName, SectionPlan } from './backup-section.js';
import { ITEMS_SHOWN, type RestorePlan, type RestoreQuestion, type SectionReport } from './backup.schemas.js';

/** What a restore would do to a section, with the part of the file that asks for it. */
export interface PlannedSection {
  readonly name: SectionName;
  readonly part: unknown;
  readonly plan: SectionPlan;
}

const ITEMS_IN_TURN = 500;

/**
 * Names a plan: the same text means the same file, restored in the same way, that finds the same here. What was changed
 * here in the meantime makes another one.
 */
export async function nameOf(sections: readonly PlannedSection[], question: RestoreQuestion): Promise<string> {
  const hash = createHash('sha256');
  const { mode, disconnect, overrideReason = null } = question;
  hash.update(JSON.stringify([mode, disconnect, overrideReason]));
  for (const { name, part, plan } of sections) {
    hash.update(name);
    await addTo(hash, plan.items);
    await addTo(hash, Array.isArray(part) ? part : [part]);
  }
  return hash.digest('hex');
}

/** What the plan comes to, for people. */
export function reportOf({ head }: BackupFile, sections: readonly PlannedSection[], plan: string): RestorePlan {
  return {
    plan,
    applied: false,
    ...head,
    isPossible: problemsOf(sections).length === 0,
    sections: sections.map(sectionReport),
  };
}

/** All that is wrong in the file, by its path there. */
export function problemsOf(sections: readonly PlannedSection[]): FieldError[] {
  return sections.flatMap(({ plan }) => plan.problems);
}

function sectionReport({ name, plan: { items, unchanged, problems } }: PlannedSection): SectionReport {
  const count = (outcome: PlannedItem['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    name,
    create: count('create'),
    change: count('change'),
    remove: count('remove'),
    leave: count('leave'),
    unchanged,
    items: items.slice(0, ITEMS_SHOWN).map((item) => ({ ...item, changes: [...item.changes] })),
    problems: problems.slice(0, ITEMS_SHOWN).map(({ path, message }) => ({ path, message })),
    problemCount: problems.length,
  };
}

async function addTo(hash: Hash, items: readonly unknown[]): Promise<void> {
  for (const some of chunksOf(items, ITEMS_IN_TURN)) {
    hash.update(JSON.stringify(some));
    await nextTurn();
  }
}
