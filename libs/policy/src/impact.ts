import type { Impact, ImpactClient } from './impact-change.js';
import { ImpactJudge } from './impact-judge.js';
import { ImpactTally } from './impact-tally.js';
import type { Policy } from './rule.js';

/** What `impactOf` is asked. */
export interface ImpactQuery {
  readonly saved: Policy;
  readonly draft: Policy;
  readonly clients: readonly ImpactClient[];
  readonly nowMs: number;
  /** How many clients each list holds, and how many changes each client in it; 100 where left out. */
  readonly listLimit?: number;
}

/** How far it has come, in clients. */
export interface ImpactProgress {
  readonly done: number;
  readonly total: number;
}

/** Enough to be worth asking whether to go on; a few milliseconds. */
const CHUNK = 500;
const LIST_LIMIT = 100;

/** What the draft would change for these clients. */
export function impactOf(query: ImpactQuery): Impact {
  const steps = impactSteps(query);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a few hundred clients: who runs it says when to go on, and whether. */
export function* impactSteps(query: ImpactQuery): Generator<ImpactProgress, Impact> {
  const { clients, listLimit = LIST_LIMIT } = query;
  const judge = new ImpactJudge(query);
  const tally = new ImpactTally(listLimit);
  for (const [index, client] of clients.entries()) {
    if (index > 0 && index % CHUNK === 0) yield { done: index, total: clients.length };
    tally.add(client, judge.changesOf(client));
  }
  return tally.impact();
}
