import type { PolicySettings } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import type { PolicyRevision, Prisma, Rule as RuleRow } from '../database/generated/client.js';
import { PrismaService } from '../database/prisma.service.js';
import type { PolicyDocument } from './policy-document.js';
import { rowOf, ruleOf } from './rule-rows.js';

type Tx = Prisma.TransactionClient;

/** What a list of revisions shows of each. */
export type RevisionSummary = Pick<PolicyDocument, 'revision' | 'author' | 'message' | 'createdAt'>;

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

  async find(revision: number): Promise<PolicyDocument | null> {
    const row = await this.prisma.policyRevision.findUnique({ where: { number: revision }, include: inOrder });
    return row && documentOf(row);
  }

  /** Revisions before this one, newest first. */
  async before(revision: number | null, limit: number): Promise<RevisionSummary[]> {
    const rows = await this.prisma.policyRevision.findMany({
      where: revision === null ? {} : { number: { lt: revision } },
      orderBy: { number: 'desc' },
      take: limit,
    });
    return rows.map(summaryOf);
  }

  /** Until the transaction ends, nobody else makes a revision. */
  async lock(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.policy'))`;
  }

  async insert(tx: Tx, document: PolicyDocument): Promise<void> {
    const { revision, author, message, createdAt, policy } = document;
    await tx.policyRevision.create({
      data: { number: revision, author, message, createdAt: new Date(createdAt), ...policy.settings },
    });
    await tx.rule.createMany({ data: policy.rules.map((rule, position) => rowOf(rule, revision, position)) });
  }

  /** Makes the first revision, unless another process was faster. */
  async insertFirst(document: PolicyDocument): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      await this.lock(tx);
      if (!(await this.latest(tx))) await this.insert(tx, document);
    });
  }
}

function documentOf(row: PolicyRevision & { rules: RuleRow[] }): PolicyDocument {
  const settings = { noMatch: row.noMatch, wildcardOverlap: row.wildcardOverlap } as PolicySettings;
  return { ...summaryOf(row), policy: { settings, rules: row.rules.map(ruleOf) } };
}

function summaryOf(row: PolicyRevision): RevisionSummary {
  return { revision: row.number, author: row.author, message: row.message, createdAt: row.createdAt.toISOString() };
}
