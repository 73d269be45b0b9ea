import { type Policy, newRuleId, parseAclConf } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import type { PolicyDocument } from '../../policy/policy-document.js';
import { PolicyPush } from '../../policy/policy-push.js';
import { PolicyStore } from '../../policy/policy.store.js';
import { AuditService } from '../audit/audit.service.js';
import { assertValidRules } from './policy-check.js';
import { policyDiff } from './policy-diff.js';
import { docOf, ruleFrom, settingsWith } from './policy-doc.js';
import type { PolicyChange, PolicyDoc, PolicyImport, PolicyInput } from './policy.schemas.js';

/** Who edits, and which revision they saw; null when they do not mind. */
export interface Edit {
  readonly revision: number | null;
  readonly actor: Actor;
}

/** One new revision: what it is called, and how it follows from the live one. Throws to leave everything as it is. */
export interface Revision {
  readonly action: string;
  readonly message: string;
  readonly revise: (current: PolicyDocument) => Policy;
}

/** Makes revisions, one after the other, and enforces each before it returns. */
@Injectable()
export class PolicyEditor {
  /** The order of commits is the order in which revisions reach the broker. */
  private readonly turns = new BoundedQueue(1, 100);

  constructor(
    private readonly store: PolicyStore,
    private readonly push: PolicyPush,
    private readonly audit: AuditService,
  ) {}

  async replace(edit: Edit, { rules, settings, message }: PolicyInput): Promise<PolicyChange> {
    if (edit.revision === null) {
      throw new ApiError('revision-required', 'Send If-Match with the revision that you changed.');
    }
    return this.change(edit, {
      action: 'policy.replace',
      message,
      revise: ({ policy }) => ({ rules: rules.map(ruleFrom), settings: settingsWith(policy.settings, settings) }),
    });
  }

  /** Adds the rules of an acl.conf text, or answers all of its errors. A dry run only shows what would be. */
  async importText(edit: Edit, input: PolicyImport): Promise<PolicyDoc> {
    const rules = importedRules(input);
    const revise = ({ policy }: PolicyDocument) => ({ ...policy, rules: joined(policy.rules, rules, input.mode) });
    if (input.dryRun) return this.preview(edit, revise);
    const message = input.message || `Imported ${rules.length} rules from acl.conf`;
    return this.change(edit, { action: 'policy.import', message, revise });
  }

  /** Makes one revision. 412 when the one that was seen is not the live one. */
  change(edit: Edit, revision: Revision): Promise<PolicyChange> {
    const change = this.turns.run(async () => {
      const made = await this.audit.change(edit.actor, (tx) => this.commit(tx, edit, revision));
      const lost = this.push.apply(made).filter(({ kind }) => kind === 'subscription');
      const dropped = lost.map(({ clientId, topic: filter, ruleId }) => ({ clientId, filter, ruleId }));
      return { ...docOf(made), dropped };
    });
    if (!change) throw new ApiError('unavailable', 'Too many changes of the policy wait already.');
    return change;
  }

  private async commit(tx: Prisma.TransactionClient, edit: Edit, { action, message, revise }: Revision) {
    await this.store.lock(tx);
    const current = await this.latest(edit, tx);
    const policy = revise(current);
    assertValidRules(policy.rules);
    const made: PolicyDocument = {
      revision: current.revision + 1,
      author: edit.actor.name,
      message,
      createdAt: new Date().toISOString(),
      policy,
    };
    await this.store.insert(tx, made);
    return { result: made, action, object: `policy/${made.revision}`, ...policyDiff(current, made) };
  }

  private async preview(edit: Edit, revise: Revision['revise']): Promise<PolicyDoc> {
    const current = await this.latest(edit);
    const policy = revise(current);
    assertValidRules(policy.rules);
    return docOf({ ...current, policy });
  }

  private async latest({ revision }: Edit, tx?: Prisma.TransactionClient): Promise<PolicyDocument> {
    const current = await this.store.latest(tx);
    if (!current) throw new Error('There is no policy revision.');
    if (revision === null || revision === current.revision) return current;
    throw new ApiError(
      'revision-mismatch',
      `You changed revision ${revision}, but revision ${current.revision} is live.`,
      {
        current: current.revision,
      },
    );
  }
}

function importedRules({ text, digits }: PolicyImport): Policy['rules'] {
  const { rules, errors } = parseAclConf(text, { digits });
  if (errors.length === 0) return rules.map((rule) => ({ ...rule, id: newRuleId() }));
  throw new ApiError('invalid-fields', `The text has ${errors.length} errors; nothing was imported.`, {
    errors: errors.map((error) => ({ ...error, path: `text:${error.line}:${error.column}` })),
  });
}

function joined(live: Policy['rules'], imported: Policy['rules'], mode: PolicyImport['mode']): Policy['rules'] {
  if (mode === 'replace') return imported;
  return mode === 'prepend' ? [...imported, ...live] : [...live, ...imported];
}
