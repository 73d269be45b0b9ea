import { type CompiledPolicy, type Effect, compilePolicy } from '@perch/policy';
import type { PolicyDocument } from './policy-document.js';
import type { PolicyStore } from './policy.store.js';

/** Holds the live policy, ready for judging. */
export class PolicyService {
  private document: PolicyDocument;
  private ready: CompiledPolicy;

  constructor(document: PolicyDocument) {
    this.document = document;
    this.ready = compilePolicy(document.policy);
  }

  /** Reads the live revision; makes the first one, without rules, where there is none. */
  static async load(store: PolicyStore, noMatch: Effect): Promise<PolicyService> {
    const known = await store.latest();
    if (known) return new PolicyService(known);
    await store.insertFirst(firstRevision(noMatch));
    const first = await store.latest();
    if (!first) throw new Error('The first policy revision was written and cannot be read.');
    return new PolicyService(first);
  }

  get current(): PolicyDocument {
    return this.document;
  }

  get compiled(): CompiledPolicy {
    return this.ready;
  }

  /** Takes a revision that was just stored; judges by it from now on. */
  accept(document: PolicyDocument): CompiledPolicy {
    this.document = document;
    this.ready = compilePolicy(document.policy);
    return this.ready;
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
