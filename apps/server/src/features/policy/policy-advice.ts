import { suggestRules } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { PolicyService } from '../../policy/policy.service.js';
import { judgedClient } from './asked-client.js';
import { liveClient } from './live-clients.js';
import { Suggestion } from './reach.schemas.js';

/** Says what a policy could do better. */
@Injectable()
export class PolicyAdvice {
  constructor(
    private readonly broker: Broker,
    private readonly policy: PolicyService,
  ) {}

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
