import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { AuditService, type Deed } from '../audit/audit.service.js';
import { type BackupFile, readBackup } from './backup-file.js';
import type { Applied, BackupSection } from './backup-section.js';
import { BackupSections } from './backup-sections.js';
import { ITEMS_SHOWN, type RestoreInput, type RestorePlan, type RestoreQuestion } from './backup.schemas.js';
import { nameOf, type PlannedSection, problemsOf, reportOf } from './restore-plan.js';

type Tx = Prisma.TransactionClient;

const READ_TIMEOUT_MS = 120_000;

/** Takes a backup back: says first what that would change, and then does exactly that, all of it or nothing. */
@Injectable()
export class RestoreService {
  /** One at a time: each may be as large as the limit. */
  private readonly turns = new BoundedQueue(1, 2);

  constructor(
    private readonly sections: BackupSections,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
  ) {}

  /** What a restore would do. Nothing is changed. */
  plan(question: RestoreQuestion, actor: Actor): Promise<RestorePlan> {
    const file = readBackup(question.backup);
    return this.inTurn(() =>
      this.prisma.$transaction(
        async (tx) => {
          const sections = await this.planned(tx, { file, question, actor });
          return reportOf(file, sections, await nameOf(sections, question));
        },
        { isolationLevel: 'RepeatableRead', maxWait: 5_000, timeout: READ_TIMEOUT_MS },
      ),
    );
  }

  /**
   * Does what the plan said, and brings it to whoever is connected before it resolves. 412 when something was changed
   * since, 422 when something in the file is wrong.
   */
  restore({ plan, ...question }: RestoreInput, actor: Actor): Promise<RestorePlan> {
    const file = readBackup(question.backup);
    const chosen = this.chosen(file, question);
    return this.inTurn(() =>
      this.sections.inTurn(chosen, async () => {
        const { report, applied } = await this.audit.changes(actor, async (tx) => {
          await this.sections.lock(chosen, tx);
          const sections = await this.planned(tx, { file, question, actor });
          refuseProblems(sections);
          if ((await nameOf(sections, question)) !== plan) throw outdated();
          const applied: Applied[] = [];
          for (const section of sections) applied.push(await section.plan.apply(tx));
          const report = { ...reportOf(file, sections, plan), applied: true };
          const deeds = [summary(report, question), ...applied.flatMap(({ deeds }) => deeds)];
          return { result: { report, applied }, deeds };
        });
        for (const done of applied) await done.enforce();
        return report;
      }),
    );
  }

  private async planned(tx: Tx, { file, question, actor }: Asked): Promise<PlannedSection[]> {
    const { mode, disconnect, overrideReason } = question;
    const planned: PlannedSection[] = [];
    for (const section of this.chosen(file, question)) {
      const { name } = section;
      const part = file.parts.get(name);
      const plan = await section.plan(tx, part, { mode, disconnect, overrideReason, actor });
      planned.push({ name, part, plan });
    }
    return planned;
  }

  private chosen(file: BackupFile, { sections }: RestoreQuestion): readonly BackupSection[] {
    const names = [...file.parts.keys()].filter((name) => sections?.includes(name) ?? true);
    if (names.length > 0) return this.sections.of(names);
    const errors = [{ path: 'sections', message: 'names none that the file has' }];
    throw new ApiError('invalid-fields', 'The file has none of these sections.', { errors });
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.turns.run(work);
    if (!done) throw new ApiError('unavailable', 'Other backups are being restored. Try again when they are done.');
    return done;
  }
}

interface Asked {
  readonly file: BackupFile;
  readonly question: RestoreQuestion;
  readonly actor: Actor;
}

function refuseProblems(sections: readonly PlannedSection[]): void {
  const problems = problemsOf(sections);
  const [first] = problems;
  if (!first) return;
  const errors = problems.slice(0, ITEMS_SHOWN).map((problem) => ({ ...problem, path: `backup.${problem.path}` }));
  throw new ApiError('invalid-fields', `Nothing was restored. ${first.path}: ${first.message}.`, { errors });
}

function outdated(): ApiError {
  const detail = 'What you looked at is not what would be done now: something was changed since. Look again.';
  return new ApiError('plan-outdated', detail);
}

function summary({ createdAt, hasSecrets, sections }: RestorePlan, { mode, disconnect }: RestoreQuestion): Deed {
  const counts = sections.map(({ name, create, change, remove, leave, unchanged }) => [
    name,
    { create, change, remove, leave, unchanged },
  ]);
  const after = { mode, disconnect, createdAt, hasSecrets, sections: Object.fromEntries(counts) as object };
  return { action: 'backup.restore', object: 'backup', after };
}
