import type { OwnRules, Rule } from '@perch/policy';
import { z } from 'zod';
import type { HookAnswer } from '../hooks/hook-client.js';
import { readJsonAnswer } from '../hooks/read-json-answer.js';
import { ownRulesOf, readAcl } from './acl-rules.js';
import { type Answer, notMine, refusedBecause } from './answer.js';
import { isName } from './jwt/claims.js';

/** What a hook may say, as JSON. */
const Body = z.object({
  result: z.enum(['allow', 'deny', 'ignore']),
  username: z.string().refine(isName).nullish(),
  labels: z.array(z.string().refine(isName)).max(64).nullish(),
  validUntil: z.iso.datetime({ offset: true }).nullish(),
  acl: z.unknown().optional(),
});

/** What was asked about, and what counts of the answer. */
export interface AnswerContext {
  readonly username: string | null;
  /** Of the member that asked. */
  readonly id: string;
  readonly ownRules: OwnRules['place'] | null;
}

/** What the answer of a hook means. Whatever it cannot mean lets nobody in. */
export function readAnswer(answer: HookAnswer, dialect: 'json' | 'form', context: AnswerContext): Answer {
  if ('problem' in answer) {
    return refusedBecause(answer.isBusy ? 'server-busy' : 'unavailable', answer.problem);
  }
  return dialect === 'form' ? readStatus(answer.status, context) : readJson(answer, context);
}

/** The form dialect knows a status only: 200 is yes. */
function readStatus(status: number, { username, id }: AnswerContext): Answer {
  if (status === 200) return { accepted: true, username, authenticator: `http/${id}` };
  return refusedBecause('bad-credentials', `It answered ${status}.`);
}

function readJson(answer: Parameters<typeof readJsonAnswer>[1], context: AnswerContext): Answer {
  const read = readJsonAnswer(Body, answer);
  if ('problem' in read) return refusedBecause('unavailable', read.problem);
  const { result, username, labels, validUntil, acl } = read.data;
  if (result === 'ignore') return notMine('It answered “ignore”.');
  if (result === 'deny') return refusedBecause('bad-credentials', 'It answered “deny”.');
  const reading = acl === undefined || acl === null ? { rules: [] as Rule[] } : readAcl(acl);
  if ('problem' in reading) return refusedBecause('unavailable', `Its acl cannot be used: ${reading.problem}`);
  return {
    accepted: true,
    username: username ?? context.username,
    authenticator: `http/${context.id}`,
    labels: labels ?? [],
    validUntil: validUntil ? Date.parse(validUntil) : null,
    own: ownRulesOf(reading.rules, context.ownRules),
  };
}
