import { mergePolicies, type PolicyVersion } from '@perch/policy';
import { Injectable, Logger } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { type Actor, mayAlso } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import type { PolicyDocument } from '../../policy/policy-document.js';
import { PolicyPush } from '../../policy/policy-push.js';
import { PolicyStore } from '../../policy/policy.store.js';
import { AuditService, type Change } from '../audit/audit.service.js';
import { lossesDoc } from './losses.js';
import { mergeDoc } from './merge-doc.js';
import { assertValidPolicy, failedTests } from './policy-check.js';
import { policyDiff } from './policy-diff.js';
import { docOf, ruleFrom, settingsWith, testFrom } from './policy-doc.js';
import type { PolicyChange, PolicyDoc, PolicyInput, SaveQuery } from './policy.schemas.js';

/** Who edits, how, and which revision they saw; null when they do not mind. */
export interface Edit extends SaveQuery {
  readonly revision: number | null;
  readonly actor: Actor;
}

/** One new revision: what it is called, and how it follows from the live one. Throws to leave everything as it is. */
export interface Revision {
  readonly action: string;
  readonly message: string;
  readonly revise: (current: PolicyDocument) => PolicyVersion;
  /** It says what every rule is to be, so that it can be merged with what somebody else saved. */
  readonly isWhole?: boolean;
}

/** Makes revisions, one after the other, and enforces each before it returns. */
@Injectable()
export class PolicyEditor {
  private readonly log = new Logger('policy');
  /** The order of commits is the order in which revisions reach the broker. */
  private readonly turns = new BoundedQueue(1, 100);

  constructor(
    private readonly store: PolicyStore,
    private readonly push: PolicyPush,
    private readonly audit: AuditService,
  ) {}

  async replace(edit: Edit, { rules, settings, tests, message }: PolicyInput): Promise<PolicyChange> {
    if (edit.revision === null) {
      throw new ApiError('revision-required', 'Send If-Match with the revision that you changed.');
    }
    const written = { rules: rules.map(ruleFrom), ...(tests && { tests: tests.map(testFrom) }) };
    return this.change(edit, {
      action: 'policy.replace',
      message,
      revise: ({ policy }) => ({ ...written, settings: settingsWith(policy.settings, settings) }),
      isWhole: true,
    });
  }

  /** Makes one revision. 412 when the one that was seen is not the live one, 422 when access tests fail. */
  change(edit: Edit, revision: Revision): Promise<PolicyChange> {
    return this.inTurn(async () => {
      const made = await this.audit.change(edit.actor, (tx) => this.save(tx, edit, revision));
      return this.enforce(made, edit);
    });
  }

  /** Runs the work when those who save before are done. 503 when too many are. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.turns.run(work);
    if (!done) throw new ApiError('unavailable', 'Too many changes of the policy wait already.');
    return done;
  }

  /** Enforces a revision that was saved in this turn and is committed. Says what live sessions lost. */
  async enforce(made: PolicyDocument, { actor, existing }: Edit): Promise<PolicyChange> {
    const lost = lossesDoc(this.push.apply(made, { disconnect: existing === 'disconnect' }));
    if (lost.total > 0) await this.auditLosses(actor, made.revision, lost);
    return { ...docOf(made), lost };
  }

  /** What a change would make, judged as if it were saved. Nothing is. */
  async preview(edit: Edit, revision: Revision): Promise<PolicyDoc> {
    const current = await this.latest(edit, revision);
    return docOf({ ...current, policy: revised(current, revision) });
  }

  /** Makes a revision as part of a transaction; to be enforced in the same turn, when it is committed. */
  async save(tx: Prisma.TransactionClient, edit: Edit, revision: Revision): Promise<Change<PolicyDocument>> {
    await this.store.lock(tx);
    const current = await this.latest(edit, revision, tx);
    const policy = revised(current, revision);
    const overrideReason = overrideOf(policy, edit);
    const { action, message } = revision;
    const made: PolicyDocument = {
      revision: current.revision + 1,
      author: edit.actor.name,
      message,
      createdAt: new Date().toISOString(),
      overrideReason,
      policy,
    };
    await this.store.insert(tx, made);
    const deed = { action, object: `policy/${made.revision}`, reason: overrideReason };
    return { result: made, ...deed, ...policyDiff(current, made) };
  }

  private async latest(edit: Edit, change: Revision, tx?: Prisma.TransactionClient): Promise<PolicyDocument> {
    const current = await this.store.latest(tx);
    if (!current) throw new Error('There is no policy revision.');
    const { revision } = edit;
    if (revision === null || revision === current.revision) return current;
    const base = change.isWhole && revision < current.revision ? await this.store.find(revision, tx) : null;
    const merge = base && mergePolicies(base.policy, revised(base, change), current.policy);
    throw new ApiError(
      'revision-mismatch',
      `You changed revision ${revision}, but revision ${current.revision} is live.`,
      {
        current: current.revision,
        ...(merge && { merge: mergeDoc(merge, { base: revision, theirs: current.revision }) }),
      },
    );
  }

  /** The change is made: it must not look undone because its losses cannot be written down. */
  private async auditLosses(actor: Actor, revision: number, lost: PolicyChange['lost']): Promise<void> {
    const deed = { action: 'policy.enforced', object: `policy/${revision}`, after: lost };
    await this.audit
      .record(actor, deed)
      .catch((error: unknown) =>
        this.log.error(`What revision ${revision} took from live sessions is not in the audit log: ${String(error)}`),
      );
  }
}

/** 422 when it is not valid. */
function revised(current: PolicyDocument, { revise }: Revision): PolicyDocument['policy'] {
  const policy = { tests: current.policy.tests, ...revise(current) };
  assertValidPolicy(policy);
  return policy;
}

/** Why failing tests do not matter, or null when none fails. 422 with those that fail when nobody says why, or may. */
function overrideOf(policy: PolicyVersion, { actor, overrideReason }: Edit): string | null {
  const failed = failedTests(policy);
  const [first] = failed;
  if (!first) return null;
  if (overrideReason !== undefined) {
    if (mayAlso(actor, 'policy:override')) return overrideReason;
    throw new ApiError('not-allowed', 'Access tests fail, and only an admin may save in spite of them.', {
      failedTests: failed,
    });
  }
  const count = failed.length === 1 ? 'One access test fails' : `${failed.length} access tests fail`;
  throw new ApiError('tests-failed', `${count}; nothing was changed. ${first.reason}`, { failedTests: failed });
}
