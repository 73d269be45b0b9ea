import type { Credentials, Principal, Refusal } from '@perch/broker';
import { type Answer, refusedByAll } from './answer.js';
import type { ChainMember } from './chain-member.js';

/** What one member said when the chain was tried. */
export interface TraceStep {
  readonly id: string;
  readonly said: 'accepted' | 'refused' | 'not-mine' | 'not-asked';
  readonly refusal: Refusal | null;
  readonly why: string | null;
  /** How long it took to say so; 0 where it was not asked. */
  readonly ms: number;
}

/** What became of credentials that were tried. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  /** Null: refused. */
  readonly principal: Principal | null;
  readonly refusal: Refusal | null;
}

/** Asks the members as the chain does, and keeps what each said. */
export async function traceChain(members: readonly ChainMember[], credentials: Credentials): Promise<Trace> {
  const steps: TraceStep[] = [];
  let decision: Exclude<Answer, { readonly accepted: null }> | null = null;
  for (const [index, member] of members.entries()) {
    if (decision) {
      steps.push({ id: member.id, said: 'not-asked', refusal: null, why: null, ms: 0 });
      continue;
    }
    const isLast = members.slice(index + 1).every((later) => later.passes(credentials) !== null);
    const began = performance.now();
    const answer = await answerOf(member, credentials, isLast);
    steps.push(stepOf(member.id, answer, Math.round(performance.now() - began)));
    if (answer.accepted !== null) decision = answer;
  }
  if (decision?.accepted) return { steps, principal: decision, refusal: null };
  if (decision) return { steps, principal: null, refusal: decision.refusal };
  const all = refusedByAll(credentials.username === null && credentials.password === null);
  return { steps, principal: null, refusal: all.accepted ? null : all.refusal };
}

async function answerOf(member: ChainMember, credentials: Credentials, isLast: boolean): Promise<Answer> {
  const why = member.passes(credentials);
  return why === null ? member.ask(credentials, isLast) : { accepted: null, why };
}

function stepOf(id: string, answer: Answer, ms: number): TraceStep {
  if (answer.accepted) return { id, said: 'accepted', refusal: null, why: null, ms };
  if (answer.accepted === null) return { id, said: 'not-mine', refusal: null, why: answer.why, ms };
  return { id, said: 'refused', refusal: answer.refusal, why: answer.why ?? null, ms };
}
