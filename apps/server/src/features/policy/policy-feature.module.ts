import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { PolicyPush } from '../../policy/policy-push.js';
import { PolicyService } from '../../policy/policy.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessQuestions } from './access-questions.js';
import { PolicyImpactController } from './impact.controller.js';
import { ImpactJobs } from './impact-jobs.js';
import { PolicyAdvice } from './policy-advice.js';
import { PolicyBackup } from './policy-backup.js';
import { PolicyController } from './policy.controller.js';
import { PolicyEditor } from './policy-editor.js';
import { PolicyImporter } from './policy-importer.js';
import { PolicyInQuestion } from './policy-in-question.js';
import { PolicyLinter } from './policy-linter.js';
import { PolicyReader } from './policy-reader.js';
import { PolicyThread } from './policy-thread.js';
import { PolicyQuestionsController } from './questions.controller.js';
import { PolicyRevisionsController } from './revisions.controller.js';
import { RevisionsService } from './revisions.service.js';
import { RuleEditor } from './rule-editor.js';
import { RuleEndLog } from './rule-end-log.js';
import { RuleUses } from './rule-uses.js';
import { RulesController } from './rules.controller.js';
import { PolicyShadowController } from './shadow.controller.js';
import { ShadowService } from './shadow.service.js';
import { ShadowWatch } from './shadow-watch.js';
import { tracedPolicy } from '../../tracing/traced-policy.js';
import type { Traces } from '../../tracing/traces.js';
import { TRACES } from '../../tracing/traces.module.js';

/** Those whom a policy is brought to. */
const SESSIONS = Symbol('sessions');

const sessions = {
  provide: SESSIONS,
  inject: [Broker, TRACES],
  useFactory: (broker: Broker, traces: Traces | null) => (traces ? tracedPolicy(broker, traces) : broker),
};

const policyPush = {
  provide: PolicyPush,
  inject: [PolicyService, SESSIONS, RuleEndLog],
  useFactory: (policy: PolicyService, sessions: Pick<Broker, 'setPolicy'>, log: RuleEndLog) =>
    new PolicyPush(policy, sessions, log),
};

@Module({
  imports: [AuditModule, BrokerModule, PolicyModule, UsersModule],
  controllers: [
    RulesController,
    PolicyController,
    PolicyImpactController,
    PolicyRevisionsController,
    PolicyQuestionsController,
    PolicyShadowController,
  ],
  providers: [
    AccessQuestions,
    ImpactJobs,
    PolicyAdvice,
    PolicyBackup,
    PolicyEditor,
    PolicyImporter,
    PolicyInQuestion,
    PolicyLinter,
    PolicyReader,
    PolicyThread,
    RevisionsService,
    RuleEditor,
    RuleEndLog,
    RuleUses,
    ShadowService,
    ShadowWatch,
    sessions,
    policyPush,
  ],
  exports: [PolicyBackup],
})
export class PolicyFeatureModule implements OnApplicationShutdown {
  constructor(@Inject(PolicyPush) private readonly push: PolicyPush) {}

  onApplicationShutdown(): void {
    this.push.stop();
  }
}
