import type { AccessQuery, AccessSearch, Impact, ImpactClient, ImpactProgress, Policy } from '@perch/policy';

/** A question about every client, which takes too long for the thread that serves them. */
export type PolicyTask =
  | { readonly kind: 'impact'; readonly saved: Policy; readonly draft: Policy; readonly nowMs: number }
  | { readonly kind: 'who'; readonly policy: Policy; readonly query: AccessQuery };

/** What a task comes to; null: it asks for a malformed filter. */
export interface PolicyTaskResults {
  readonly impact: Impact;
  readonly who: AccessSearch | null;
}

/** To the thread: first all clients, then the task. */
export type ToPolicyThread =
  | { readonly type: 'clients'; readonly clients: readonly ImpactClient[] }
  | { readonly type: 'run'; readonly task: PolicyTask };

/** From the thread. */
export type FromPolicyThread =
  | ({ readonly type: 'progress' } & ImpactProgress)
  | { readonly type: 'done'; readonly result: PolicyTaskResults[keyof PolicyTaskResults] };
