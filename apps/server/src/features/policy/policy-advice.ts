import { lintPolicy, suggestRules } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { PolicyService } from '../../policy/policy.service.js';
import { UsersService } from '../users/users.service.js';
import { judgedClient } from './asked-client.js';
import type { LintInput, LintReport } from './lint.schemas.js';
import { liveClient } from './live-clients.js';
import { PolicyInQuestion } from './policy-in-question.js';
import { Suggestion } from './reach.schemas.js';

/** Says what a policy could do better. */
@Injectable()
export class PolicyAdvice {
  constructor(
    private readonly broker: Broker,
    private readonly policies: PolicyInQuestion,
    private readonly policy: PolicyService,
    private readonly users: UsersService,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** With what only the server knows: the labels that users carry, and whether clients may come without a name. */
  async lint(input: LintInput): Promise<LintReport> {
    const { policy } = this.policies.draft(input);
    const labels = new Set((await this.users.labels()).items.map(({ label }) => label));
    const { allowAnonymous: anonymousAllowed } = this.config;
    const problems = lintPolicy(policy, { nowMs: Date.now(), anonymousAllowed, labels });
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    // Its lists are read-only; the schema's are not.
    return { errors, warnings: problems.length - errors, problems: problems as LintReport['problems'] };
  }

  /** The least that a client needs, by its subscriptions, its will and the topics that it published to last. */
  suggest(clientId: string): Suggestion {
    const { identity, shown } = judgedClient({ clientId }, this.broker.sessions);
    const session = this.broker.sessions.get(clientId);
    const { subscriptions, will, published } = session ? liveClient(session) : nothing;
    const nowMs = Date.now();
    const seen = (topics: readonly string[]) => topics.map((topic) => ({ topic, lastMs: nowMs }));
    const suggestion = suggestRules({
      policy: this.policy.current.policy,
      subject: { subject: 'clientid', value: clientId },
      uses: [
        {
          identity,
          published: seen(will === null ? published : [...published, will]),
          subscribed: seen(subscriptions),
        },
      ],
      sinceMs: 0,
      nowMs,
    });
    return Suggestion.parse({ client: shown, ...suggestion });
  }
}

const nothing = { subscriptions: [], will: null, published: [] };
