import type { Authorization, Authorizer } from '@perch/broker';
import type { Action, ClientIdentity } from '@perch/policy';
import { type AnswerCounts, noCounts } from '../authenticators/chain-counts.js';
import { concernedBy } from './concerned-hooks.js';
import type { HttpAuthorizer } from './http-authorizer.js';

type Hook = Pick<HttpAuthorizer, 'ask' | 'problem' | 'settings'>;

/** What a hook said since it was set, and what keeps it from answering. */
export type HookStatus = AnswerCounts & { readonly id: string; readonly problem: string | null };

/** Asks all hooks that a topic concerns, at the same time. All of them have to allow it. */
export class AuthorizerChain implements Authorizer {
  private readonly links: readonly { readonly hook: Hook; readonly counts: AnswerCounts }[];

  constructor(hooks: readonly Hook[]) {
    this.links = hooks.map((hook) => ({ hook, counts: noCounts() }));
  }

  status(): HookStatus[] {
    return this.links.map(({ hook, counts }) => ({ id: hook.settings.id, ...counts, problem: hook.problem }));
  }

  /**
   * No where one says no; where one has nothing to say, neither have all. It counts as long as the answer that ends first.
   * Rejects when none says no and one has no answer.
   */
  async ask(identity: ClientIdentity, action: Action, topic: string): Promise<Authorization> {
    const concerned = concernedBy(this.links, { action, topic });
    const ask = async ({ hook, counts }: (typeof concerned)[number]): Promise<Authorization> => {
      try {
        const said = await hook.ask(identity, action, topic);
        counts[said.allowed === null ? 'ignored' : said.allowed ? 'accepted' : 'refused']++;
        return said.allowed === false ? { ...said, by: hook.settings.id } : said;
      } catch (error) {
        counts.failed++;
        throw error;
      }
    };
    return together(await Promise.allSettled(concerned.map(ask)));
  }
}

function together(settled: readonly PromiseSettledResult<Authorization>[]): Authorization {
  const said = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refused = said.find(({ allowed }) => allowed === false);
  if (refused) return refused;
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  const ends = said.map(({ validUntil }) => validUntil).filter((end) => end !== null);
  const allowed = said.length > 0 && said.every((each) => each.allowed === true) ? true : null;
  return { allowed, validUntil: ends.length > 0 ? Math.min(...ends) : null };
}
