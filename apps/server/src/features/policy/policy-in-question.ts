import type { PolicyVersion } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { PolicyService } from '../../policy/policy.service.js';
import { assertValidPolicy } from './policy-check.js';
import { ruleFrom, settingsWith } from './policy-doc.js';
import { RevisionsService } from './revisions.service.js';
import type { RuleInput } from './rule.schemas.js';

/** Which policy a question is about. */
export interface Question {
  readonly rules?: readonly RuleInput[];
  readonly settings?: Partial<PolicyVersion['settings']>;
  readonly revision?: number;
}

/** The policy that a question is about. */
export interface Asked {
  readonly policy: Required<PolicyVersion>;
  readonly against: 'live' | 'draft' | 'revision';
  /** That revision, or the one that the draft was laid over. */
  readonly revision: number;
}

/** Finds the policy that a question is about: the live one, a draft that came with the question, or a revision. */
@Injectable()
export class PolicyInQuestion {
  constructor(
    readonly live: PolicyService,
    private readonly revisions: RevisionsService,
  ) {}

  /** 404 when there is no such revision, 422 when it names both a draft and a revision. */
  async find(question: Question): Promise<Asked> {
    const { rules, settings, revision } = question;
    const isDraft = rules !== undefined || settings !== undefined;
    if (revision === undefined) return isDraft ? this.draft(question) : { ...this.live.current, against: 'live' };
    if (!isDraft) return { ...(await this.revisions.document(revision)), against: 'revision' };
    throw new ApiError('invalid-fields', 'Say either a revision or a draft.', {
      errors: [{ path: 'revision', message: 'goes with neither rules nor settings' }],
    });
  }

  /** The live policy with the rules and settings that were sent. New rules are called `new-0`, `new-1` by their place. */
  draft({ rules, settings }: Omit<Question, 'revision'>): Asked {
    const { revision, policy } = this.live.current;
    const drafted = rules?.map((rule, index) => ruleFrom({ ...rule, id: rule.id ?? `new-${index}` }));
    const draft = { ...policy, rules: drafted ?? policy.rules, settings: settingsWith(policy.settings, settings) };
    return { policy: draft, against: 'draft', revision };
  }

  /** The same, and 422 when it could not be saved. */
  validDraft(question: Omit<Question, 'revision'>): Asked {
    const asked = this.draft(question);
    assertValidPolicy({ ...asked.policy, tests: [] });
    return asked;
  }
}
