import { explain, proposeRule, reachOf, runPolicyTests } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { ApiError } from '../../http/api-error.js';
import type { PolicyTestReport, PolicyTestRun } from './access-test.schemas.js';
import { judgedClient } from './asked-client.js';
import type { ExplainAnswer, ExplainInput } from './explain.schemas.js';
import { assertValidTests } from './policy-check.js';
import { testFrom } from './policy-doc.js';
import { PolicyInQuestion } from './policy-in-question.js';
import { PolicyThread } from './policy-thread.js';
import {
  Proposals,
  type ProposeInput,
  type ReachAnswer,
  type ReachInput,
  type WhoAnswer,
  type WhoInput,
} from './reach.schemas.js';

/** Answers who may do what, and why. The lists of the engine are read-only, those of the schemas are not: hence the casts. */
@Injectable()
export class AccessQuestions {
  constructor(
    private readonly broker: Broker,
    private readonly policies: PolicyInQuestion,
    private readonly thread: PolicyThread,
  ) {}

  async explain(input: ExplainInput): Promise<ExplainAnswer> {
    const { policy, against, revision } = await this.policies.find(input);
    const { identity, own, shown } = judgedClient(input, this.broker.sessions);
    const explanation = explain(policy, identity, input.action, input.topic, Date.now(), own);
    return { client: shown, against, revision, ...explanation } as ExplainAnswer;
  }

  async test({ tests, ...question }: PolicyTestRun): Promise<PolicyTestReport> {
    const { policy } = await this.policies.find(question);
    const asked = tests?.map((test, index) => testFrom({ ...test, id: test.id ?? `new-${index}` })) ?? policy.tests;
    assertValidTests(asked);
    const results = runPolicyTests(policy, asked, Date.now());
    const passed = results.filter((result) => result.passed).length;
    return { passed, failed: results.length - passed, results: results as PolicyTestReport['results'] };
  }

  /** Who can do this, of all that have a session and by the rules. 422 when the filter is malformed. */
  async who({ action, filter, limit, ...question }: WhoInput): Promise<WhoAnswer> {
    const { policy } = await this.policies.find(question);
    const query = { action, filter, limit, nowMs: Date.now() };
    const answer = await this.thread.run({ kind: 'who', policy, query });
    if (answer) return answer as WhoAnswer;
    throw new ApiError('invalid-fields', `“${filter}” is neither a topic nor a filter.`, {
      errors: [{ path: 'filter', message: 'is neither a topic nor a filter' }],
    });
  }

  /** Everything that one client can publish to, or read. */
  async reach({ action, limit, ...question }: ReachInput): Promise<ReachAnswer> {
    const { policy } = await this.policies.find(question);
    const client = judgedClient(question, this.broker.sessions);
    return { client: client.shown, ...reachOf(policy, client, { action, limit, nowMs: Date.now() }) } as ReachAnswer;
  }

  /** The narrowest rule that would settle it. */
  async propose({ action, topic, effect, ...question }: ProposeInput): Promise<Proposals> {
    const { policy } = await this.policies.find(question);
    const client = judgedClient(question, this.broker.sessions);
    const proposals = proposeRule(policy, { client, action, topic }, { effect, nowMs: Date.now() });
    return Proposals.parse({ client: client.shown, ...proposals });
  }
}
