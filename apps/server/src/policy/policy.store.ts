import type { PolicySettings, PolicyTest } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import type { PolicyRevision, Prisma, Rule as RuleRow } from '../database/generated/client.js';
import { PrismaService } from '../database/prisma.service.js';
import type { PolicyDocument } from './policy-document.js';
import { rowOf, ruleOf } from './rule-rows.js';

type Tx = Prisma.TransactionClient;

/** What a list of revisions shows of each: instead of its rules and tests, how many there are. */
export interface RevisionSummary extends Omit<PolicyDocument, 'policy'> {
  readonly rules: number;
  readonly tests: number;
}

const inOrder = { rules: { orderBy: { position: 'asc' } } } as const;

/** Keeps the revisions of the policy. */
@Injectable()
export class PolicyStore {
  constructor(private readonly prisma: PrismaService) {}

  /** The live revision, or null before the first. */
  async latest(tx: Tx = this.prisma): Promise<PolicyDocument | null> {
    const row = await tx.policyRevision.findFirst({ orderBy: { number: 'desc' }, include: inOrder });
    return row && documentOf(row);
  }

  async find(revision: number, tx: Tx = this.prisma): Promise<PolicyDocument | null> {
    const row = await tx.policyRevision.findUnique({ where: { number: revision }, include: inOrder });
    return row && documentOf(row);
  }

  /** Revisions before this one, newest first, without their rules. */
  async before(revision: number | null, limit: number): Promise<RevisionSummary[]> {
    const rows = await this.prisma.policyRevision.findMany({
      ...olderThan(revision, limit),
      include: { _count: { select: { rules: true } } },
    });
    return rows.map((row) => ({ ...originOf(row), rules: row._count.rules, tests: testsOf(row).length }));
  }

  /** The same with their rules. */
  async documentsBefore(revision: number, limit: number): Promise<PolicyDocument[]> {
    const rows = await this.prisma.policyRevision.findMany({ ...olderThan(revision, limit), include: inOrder });
    return rows.map(documentOf);
  }

  /** Until the transaction ends, nobody else makes a revision. */
  async lock(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.policy'))`;
  }

  async insert(tx: Tx, document: PolicyDocument): Promise<void> {
    const { revision, author, message, createdAt, overrideReason, policy } = document;
    const { rules, settings } = policy;
    const tests = policy.tests as unknown as Prisma.InputJsonValue;
    await tx.policyRevision.create({
      data: { number: revision, author, message, createdAt: new Date(createdAt), overrideReason, tests, ...settings },
    });
    await tx.rule.createMany({ data: rules.map((rule, position) => rowOf(rule, revision, position)) });
  }

  /** Makes the first revision, unless another process was faster. */
  async insertFirst(document: PolicyDocument): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      await this.lock(tx);
      if (!(await this.latest(tx))) await this.insert(tx, document);
    });
  }
}

function olderThan(revision: number | null, limit: number) {
  const where = revision === null ? {} : { number: { lt: revision } };
  return { where, orderBy: { number: 'desc' }, take: limit } as const;
}

function documentOf(row: PolicyRevision & { rules: RuleRow[] }): PolicyDocument {
  const settings = { noMatch: row.noMatch, wildcardOverlap: row.wildcardOverlap } as PolicySettings;
  return { ...originOf(row), policy: { settings, rules: row.rules.map(ruleOf), tests: testsOf(row) } };
}

function originOf({ number: revision, author, message, createdAt, overrideReason }: PolicyRevision) {
  return { revision, author, message, createdAt: createdAt.toISOString(), overrideReason };
}

/** Only what `insert` wrote. */
function testsOf({ tests }: PolicyRevision): readonly PolicyTest[] {
  return tests as unknown as readonly PolicyTest[];
}
