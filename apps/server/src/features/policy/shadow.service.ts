import { Injectable } from '@nestjs/common';
import { shadowPolicy } from '@perch/policy';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { PolicyPush } from '../../policy/policy-push.js';
import type { ShadowDraft } from '../../policy/shadow-draft.js';
import { ShadowStore } from '../../policy/shadow.store.js';
import { AuditService } from '../audit/audit.service.js';
import { ruleDoc } from './policy-doc.js';
import { PolicyInQuestion } from './policy-in-question.js';
import type { Shadow, ShadowInput, ShadowReport } from './shadow.schemas.js';
import { ShadowWatch } from './shadow-watch.js';

/** Judges another policy beside the live one, and tells what it would have done. */
@Injectable()
export class ShadowService {
  /** The order of commits is the order in which drafts reach the broker. */
  private readonly turns = new BoundedQueue(1, 20);

  constructor(
    private readonly watch: ShadowWatch,
    private readonly policies: PolicyInQuestion,
    private readonly store: ShadowStore,
    private readonly push: PolicyPush,
    private readonly audit: AuditService,
  ) {}

  get(): Shadow {
    const { shadow: draft, current } = this.policies.live;
    const { policy } = current;
    const { rules } = policy;
    const isJudged = draft === null && shadowPolicy(policy, null) !== null;
    return {
      draft: draft && shown(draft),
      rules: isJudged ? rules.filter(({ mode, enabled }) => enabled && mode === 'shadow').map(({ id }) => id) : [],
    };
  }

  report(): ShadowReport {
    return this.watch.report();
  }

  /** Judges this draft beside the live policy from now on, instead of any other. 422 when it could not be saved. */
  async start(input: ShadowInput, actor: Actor): Promise<Shadow> {
    const { policy, revision: basedOn } = this.policies.validDraft(input);
    const { rules, settings } = policy;
    const startedAt = new Date().toISOString();
    const draft = { author: actor.name, note: input.note, startedAt, basedOn, policy: { rules, settings } };
    await this.change(draft, actor);
    return this.get();
  }

  /** Judges no draft any more. */
  async stop(actor: Actor): Promise<void> {
    await this.change(null, actor);
  }

  private async change(draft: ShadowDraft | null, actor: Actor): Promise<void> {
    const change = this.turns.run(async () => {
      await this.audit.change(actor, async (tx) => {
        const before = await this.store.load(tx);
        await (draft ? this.store.save(tx, draft) : this.store.remove(tx));
        const action = draft ? 'shadow.start' : 'shadow.stop';
        return { result: null, action, object: 'policy/shadow', before: summary(before), after: summary(draft) };
      });
      this.push.applyShadow(draft);
      this.watch.startAnew();
    });
    if (!change) throw new ApiError('unavailable', 'Too many changes of the shadow wait already.');
    await change;
  }
}

function shown({ policy, ...draft }: ShadowDraft): Shadow['draft'] {
  return { ...draft, settings: policy.settings, rules: policy.rules.map(ruleDoc) };
}

/** For the audit log: the rules themselves may be thousands. */
function summary(draft: ShadowDraft | null): object | null {
  if (!draft) return null;
  const { policy, ...rest } = draft;
  return { ...rest, settings: policy.settings, rules: policy.rules.length };
}
