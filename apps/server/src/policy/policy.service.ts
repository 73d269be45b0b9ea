import { type CompiledPolicy, type Effect, compilePolicy, type ShadowDifference, shadowPolicy } from '@perch/policy';
import type { PolicyDocument } from './policy-document.js';
import type { PolicyStore } from './policy.store.js';
import type { ShadowDraft } from './shadow-draft.js';

/** Holds the live policy, and what is judged beside it, ready for judging. */
export class PolicyService {
  private ready: CompiledPolicy;
  private tellDifference: (difference: ShadowDifference) => void = () => undefined;

  constructor(
    private document: PolicyDocument,
    private draft: ShadowDraft | null = null,
  ) {
    this.ready = this.compile();
  }

  /** Reads the live revision; makes the first one, without rules, where there is none. */
  static async load(store: PolicyStore, noMatch: Effect, shadow: ShadowDraft | null = null): Promise<PolicyService> {
    const known = await store.latest();
    if (known) return new PolicyService(known, shadow);
    await store.insertFirst(firstRevision(noMatch));
    const first = await store.latest();
    if (!first) throw new Error('The first policy revision was written and cannot be read.');
    return new PolicyService(first, shadow);
  }

  get current(): PolicyDocument {
    return this.document;
  }

  get compiled(): CompiledPolicy {
    return this.ready;
  }

  /** The draft that is judged beside the live policy, or null. */
  get shadow(): ShadowDraft | null {
    return this.draft;
  }

  /** Takes a revision that was just stored; judges by it from now on. */
  accept(document: PolicyDocument): CompiledPolicy {
    this.document = document;
    return (this.ready = this.compile());
  }

  /** Judges this draft beside the live policy from now on, or none. */
  setShadow(draft: ShadowDraft | null): CompiledPolicy {
    this.draft = draft;
    return (this.ready = this.compile());
  }

  /** Tells of each judgement that the shadow, a draft or rules in shadow mode, would have made otherwise. */
  watchShadow(tell: (difference: ShadowDifference) => void): void {
    this.tellDifference = tell;
  }

  private compile(): CompiledPolicy {
    const { policy } = this.document;
    const beside = shadowPolicy(policy, this.draft?.policy ?? null);
    const differs = (difference: ShadowDifference) => this.tellDifference(difference);
    return compilePolicy(policy, beside && { policy: beside, differs });
  }
}

function firstRevision(noMatch: Effect): PolicyDocument {
  return {
    revision: 1,
    author: 'perch',
    message: 'First start',
    createdAt: new Date().toISOString(),
    overrideReason: null,
    policy: { settings: { noMatch, wildcardOverlap: 'exclude' }, rules: [], tests: [] },
  };
}
