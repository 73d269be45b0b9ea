import { diffPolicies, MAX_RULES, type PolicyDiff, type PolicyVersion, ruleFields } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Prisma } from '../../database/generated/client.js';
import { ApiError } from '../../http/api-error.js';
import type { FieldError } from '../../http/problem.js';
import type { PolicyDocument } from '../../policy/policy-document.js';
import { PolicyStore } from '../../policy/policy.store.js';
import {
  type BackupSection,
  changesBetween,
  nothingToDo,
  type PlannedItem,
  problemsAt,
  type RestoreOptions,
  type SectionPlan,
} from '../backup/backup-section.js';
import { maxTests, PolicyTestInput } from './access-test.schemas.js';
import { mergedById } from './merged-rules.js';
import { assertValidPolicy, failedTests } from './policy-check.js';
import { ruleFrom, testFrom } from './policy-doc.js';
import { PolicyEditor } from './policy-editor.js';
import { PolicySettings, RuleInput, stableId } from './rule.schemas.js';

type Tx = Prisma.TransactionClient;

// With ids: what a rule is to be must not be another one each time that the file is read.
const File = z.strictObject({
  settings: PolicySettings,
  rules: z.array(RuleInput.extend({ id: stableId })).max(MAX_RULES),
  tests: z.array(PolicyTestInput.extend({ id: stableId })).max(maxTests),
});

type File = z.infer<typeof File>;

/** The live rules with their settings and access tests, in a backup. Earlier revisions are not in it. */
@Injectable()
export class PolicyBackup implements BackupSection {
  readonly name = 'policy';

  constructor(
    private readonly editor: PolicyEditor,
    private readonly store: PolicyStore,
  ) {}

  async read(tx: Tx): Promise<unknown> {
    return (await this.live(tx)).policy;
  }

  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.editor.inTurn(work);
  }

  lock(tx: Tx): Promise<void> {
    return this.store.lock(tx);
  }

  async plan(tx: Tx, part: unknown, options: RestoreOptions): Promise<SectionPlan> {
    const file = File.safeParse(part);
    if (!file.success) return nothingToDo({ problems: problemsAt('policy', file.error) });
    const live = await this.live(tx);
    const policy = wanted(live.policy, file.data, options.mode);
    const ofFile = invalid(wanted(live.policy, file.data, 'replace'));
    const problems = [...(ofFile.length > 0 ? ofFile : invalid(policy)), ...failing(policy, file.data, options)];
    const diff = diffPolicies(live.policy, policy);
    const items = itemsOf(diff, live.policy, policy);
    const touched = new Set(items.map(({ name }) => name)).size;
    const unchanged = policy.rules.length + policy.tests.length + 1 - touched + removedOf(diff);
    if (diff.count === 0) return nothingToDo({ unchanged, problems });
    return { items, unchanged, problems, apply: (tx) => this.apply(tx, policy, options) };
  }

  private async apply(tx: Tx, policy: PolicyVersion, { actor, disconnect, overrideReason }: RestoreOptions) {
    const existing = disconnect ? ('disconnect' as const) : ('silent' as const);
    const edit = { revision: null, actor, existing, overrideReason };
    const message = 'Restored from a backup';
    const { result, ...deed } = await this.editor.save(tx, edit, {
      action: 'policy.restore',
      message,
      revise: () => policy,
    });
    return { deeds: [deed], enforce: async () => void (await this.editor.enforce(result, edit)) };
  }

  private async live(tx: Tx): Promise<PolicyDocument> {
    const live = await this.store.latest(tx);
    if (!live) throw new Error('There is no policy revision.');
    return live;
  }
}

function wanted(live: Required<PolicyVersion>, file: File, mode: RestoreOptions['mode']) {
  const [rules, tests] = [file.rules.map(ruleFrom), file.tests.map(testFrom)];
  const { settings } = file;
  if (mode === 'replace') return { settings, rules, tests };
  return { settings, rules: mergedById(live.rules, rules), tests: mergedById(live.tests, tests) };
}

function invalid(policy: PolicyVersion): FieldError[] {
  try {
    assertValidPolicy(policy);
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return (error.extras.errors ?? []).map(({ path, message }) => ({ path: `policy.${path}`, message }));
  }
}

function failing(policy: Required<PolicyVersion>, { tests }: File, { overrideReason }: RestoreOptions): FieldError[] {
  if (overrideReason !== undefined) return [];
  const places = new Map(tests.map(({ id }, index) => [id, index]));
  return failedTests(policy).map(({ testId, reason }) => ({
    path: ['policy.tests', places.get(testId)].join('.'),
    message: `The access test ${testId} fails with these rules. ${reason}`,
  }));
}

function itemsOf({ rules, tests, settings }: PolicyDiff, before: PolicyVersion, after: PolicyVersion): PlannedItem[] {
  return [
    ...(settings.length > 0
      ? [{ name: 'settings', ...changed(changesBetween(settings, before.settings, after.settings)) }]
      : []),
    ...rules.map((change): PlannedItem => {
      const name = `rule ${change.rule.id}`;
      const at = (field: string, was: unknown, is: unknown) => ({ field, before: was, after: is });
      switch (change.kind) {
        case 'added':
          return { name, ...as('create'), changes: changesBetween(ruleFields, {}, change.rule) };
        case 'removed':
          return { name, ...as('remove'), changes: changesBetween(ruleFields, change.rule, {}) };
        case 'moved':
          return { name, ...changed([at('position', change.from, change.position)]) };
        case 'changed':
          return { name, ...changed(changesBetween(change.fields, change.before, change.rule)) };
      }
    }),
    ...tests.map((change): PlannedItem => {
      const name = `access test ${change.test.id}`;
      const [was, is] = [change.kind === 'changed' ? change.before : {}, change.test];
      if (change.kind === 'removed') return { name, ...as('remove'), changes: changesBetween(testFields, is, {}) };
      return {
        name,
        ...as(change.kind === 'added' ? 'create' : 'change'),
        changes: changesBetween(testFields, was, is),
      };
    }),
  ];
}

const testFields = ['client', 'action', 'topic', 'expect', 'note'] as const;

function as<Outcome extends PlannedItem['outcome']>(outcome: Outcome) {
  return { outcome, note: null };
}

function changed(changes: PlannedItem['changes']) {
  return { ...as('change'), changes };
}

function removedOf({ rules, tests }: PolicyDiff): number {
  return [...rules, ...tests].filter(({ kind }) => kind === 'removed').length;
}
