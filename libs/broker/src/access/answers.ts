import type { Action, SubscribeVerdict } from '@perch/policy';
import type { Counters } from '../counters.js';
import type { Limits } from '../limits.js';
import type { Authorization } from '../ports/authorizer.js';
import type { Clock } from '../ports/clock.js';

/** What an authorizer is asked about a client. */
export interface Question {
  readonly action: Action;
  /** What is published to, or a filter without its `$share/…`. */
  readonly topic: string;
}

/** What it said. */
export interface Answer {
  readonly question: Question;
  readonly allowed: boolean | null;
  /** Where it is no, with who said so; null otherwise. */
  readonly refused: SubscribeVerdict | null;
  /** In ms since the epoch, or infinite. */
  readonly validUntil: number;
  /** When it has to be looked at: asked again, or (at its end) forgotten. */
  dueAt: number;
}

/** A refusal without a validity is asked about again after so long: operators change their mind. */
const REFUSED_MS = 5000;
/** What ends is asked about again this part of its time before, but no earlier than so long before. */
const LEAD_PART = 0.2;
const LONGEST_LEAD_MS = 10_000;

/** What the authorizer has said about one client, as long as it counts. */
export class Answers {
  private readonly all = new Map<string, Answer>();

  constructor(
    private readonly context: { readonly clock: Clock; readonly counters: Counters; readonly limits: Limits },
  ) {}

  /** What counts now; undefined where it has to be asked. */
  get(question: Question): Answer | undefined {
    const answer = this.all.get(keyOf(question));
    return answer && answer.validUntil > this.context.clock.now() ? answer : undefined;
  }

  /** Those that count now. */
  current(): Answer[] {
    const now = this.context.clock.now();
    return [...this.all.values()].filter(({ validUntil }) => validUntil > now);
  }

  /** In place of an earlier one. At the bound the one that was given first is forgotten, and counted. */
  set(question: Question, { allowed, validUntil, by }: Authorization): void {
    const now = this.context.clock.now();
    const end = validUntil ?? (allowed === false ? now + REFUSED_MS : Number.POSITIVE_INFINITY);
    const lead = Math.min((end - now) * LEAD_PART, LONGEST_LEAD_MS);
    const key = keyOf(question);
    this.all.delete(key);
    if (this.all.size >= this.context.limits.answersPerSession) this.forgetFirst();
    const dueAt = allowed === false ? end : end - lead;
    const refused = allowed === false ? refusedBy(by ?? null) : null;
    this.all.set(key, { question, allowed, refused, validUntil: end, dueAt });
  }

  /** When one of them has to be looked at, in ms since the epoch; infinite for never. */
  get nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { allowed, dueAt } of this.all.values()) if (allowed !== false && dueAt < next) next = dueAt;
    return next;
  }

  /** Those to be looked at now, each once more at its end; those that have ended are forgotten. */
  takeDue(): { readonly due: Answer[]; readonly hasEnded: boolean } {
    const now = this.context.clock.now();
    const due: Answer[] = [];
    let hasEnded = false;
    for (const [key, answer] of this.all) {
      if (answer.dueAt > now) continue;
      if (answer.validUntil > now) due.push(answer);
      else this.all.delete(key);
      hasEnded ||= answer.allowed !== false && answer.validUntil <= now;
      answer.dueAt = answer.validUntil;
    }
    return { due, hasEnded };
  }

  private forgetFirst(): void {
    const [first] = this.all.keys();
    if (first !== undefined) this.all.delete(first);
    this.context.counters.answersForgotten++;
  }
}

/** The refusal of an authorizer, by its name where it has one. */
function refusedBy(ruleId: string | null): SubscribeVerdict {
  return { allowed: false, ruleId, by: 'authorizer', exclusions: [], excludedBy: [] };
}

function keyOf({ action, topic }: Question): string {
  return `${action} ${topic}`;
}
