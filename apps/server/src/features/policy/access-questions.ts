import { type ClientIdentity, explain, type OwnRules, runPolicyTests } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { ApiError } from '../../http/api-error.js';
import type { PolicyTestReport, PolicyTestRun } from './access-test.schemas.js';
import type { ExplainAnswer, ExplainInput } from './explain.schemas.js';
import { assertValidTests } from './policy-check.js';
import { testFrom } from './policy-doc.js';
import { PolicyInQuestion } from './policy-in-question.js';

/** Answers who may do what, and why. */
@Injectable()
export class AccessQuestions {
  constructor(
    private readonly broker: Broker,
    private readonly policies: PolicyInQuestion,
  ) {}

  async explain(input: ExplainInput): Promise<ExplainAnswer> {
    const { policy, against, revision } = await this.policies.find(input);
    const { identity, own, live } = this.judged(input);
    const { action, topic } = input;
    const explanation = explain(policy, identity, action, topic, Date.now(), own);
    const client = { ...identity, labels: [...(identity.labels ?? [])], ownRules: own?.rules.length ?? 0, live };
    // Its lists are read-only; the schema's are not.
    return { client, against, revision, ...structuredClone(explanation) } as ExplainAnswer;
  }

  async test({ tests, ...question }: PolicyTestRun): Promise<PolicyTestReport> {
    const { policy } = await this.policies.find(question);
    const asked = tests?.map((test, index) => testFrom({ ...test, id: test.id ?? `new-${index}` })) ?? policy.tests;
    assertValidTests(asked);
    const results = runPolicyTests(policy, asked, Date.now());
    const passed = results.filter((result) => result.passed).length;
    return {
      passed,
      failed: results.length - passed,
      results: results.map((result) => ({ ...result, exclusions: [...result.exclusions] })),
    };
  }

  /** 404 when the client has no session to take its identity from. */
  private judged({ client, clientId = '' }: ExplainInput): Judged {
    if (client) {
      const { username = null, address = null } = client;
      return { identity: { ...client, username, address }, own: null, live: false };
    }
    const session = this.broker.sessions.get(clientId);
    if (!session) throw new ApiError('not-found', 'There is no session of a client with this id. Describe the client.');
    return { identity: session.identity, own: session.options.own, live: true };
  }
}

interface Judged {
  readonly identity: ClientIdentity;
  readonly own: OwnRules | null;
  readonly live: boolean;
}
