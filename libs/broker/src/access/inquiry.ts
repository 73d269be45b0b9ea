import type { ClientIdentity } from '@perch/policy';
import type { Counters } from '../counters.js';
import type { Limits } from '../limits.js';
import { type Authorization, type Authorizer, Unanswered } from '../ports/authorizer.js';
import type { Clock } from '../ports/clock.js';
import type { Question } from './answers.js';

/** What asking needs. */
export interface InquiryContext {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly limits: Limits;
  readonly report: (error: unknown, what: string) => void;
}

/** What came of asking. */
export interface Inquiry {
  readonly said: ReadonlyMap<Question, Authorization>;
  /** Of what nobody answered: who should have, where that is known. */
  readonly failed: ReadonlyMap<Question, Pick<Unanswered, 'by'>>;
}

/** Questions about one client that are with the authorizer at a time. */
const AT_ONCE = 64;

/**
 * Asks the authorizer about a client. What is not answered in time, or at fault, is not among the answers, and counted.
 * Never rejects.
 */
export async function inquire(
  authorizer: Authorizer,
  { identity, questions }: { readonly identity: ClientIdentity; readonly questions: readonly Question[] },
  { clock, counters, limits, report }: InquiryContext,
): Promise<Inquiry> {
  const answers = new Map<Question, Authorization>();
  const failed = new Map<Question, Pick<Unanswered, 'by'>>();
  let isLate = false;
  let ringing: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (ringing = resolve));
  const stop = clock.after(limits.authorizerTimeoutMs, () => {
    isLate = true;
    ringing();
  });
  const askOne = async (question: Question) => {
    try {
      answers.set(question, await authorizer.ask(identity, question.action, question.topic));
    } catch (error) {
      if (error instanceof Unanswered) failed.set(question, { by: error.by });
      report(error, 'authorizer');
    }
  };
  const askAll = async () => {
    for (let at = 0; at < questions.length && !isLate; at += AT_ONCE) {
      await Promise.all(questions.slice(at, at + AT_ONCE).map(askOne));
    }
  };
  await Promise.race([askAll(), late]);
  stop();
  const inTime = new Map(answers); // what comes now comes too late
  counters.unanswered += questions.length - inTime.size;
  return { said: inTime, failed };
}
