import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { PolicyPush } from '../../policy/policy-push.js';
import { PolicyService } from '../../policy/policy.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { AccessQuestions } from './access-questions.js';
import { PolicyController } from './policy.controller.js';
import { PolicyEditor } from './policy-editor.js';
import { PolicyImporter } from './policy-importer.js';
import { PolicyInQuestion } from './policy-in-question.js';
import { PolicyReader } from './policy-reader.js';
import { PolicyQuestionsController } from './questions.controller.js';
import { PolicyRevisionsController } from './revisions.controller.js';
import { RevisionsService } from './revisions.service.js';
import { RuleEditor } from './rule-editor.js';
import { RuleEndLog } from './rule-end-log.js';
import { RulesController } from './rules.controller.js';

const policyPush = {
  provide: PolicyPush,
  inject: [PolicyService, Broker, RuleEndLog],
  useFactory: (policy: PolicyService, broker: Broker, log: RuleEndLog) => new PolicyPush(policy, broker, log),
};

@Module({
  imports: [AuditModule, BrokerModule, PolicyModule],
  controllers: [RulesController, PolicyController, PolicyRevisionsController, PolicyQuestionsController],
  providers: [
    AccessQuestions,
    PolicyEditor,
    PolicyImporter,
    PolicyInQuestion,
    PolicyReader,
    RevisionsService,
    RuleEditor,
    RuleEndLog,
    policyPush,
  ],
})
export class PolicyFeatureModule implements OnApplicationShutdown {
  constructor(@Inject(PolicyPush) private readonly push: PolicyPush) {}

  onApplicationShutdown(): void {
    this.push.stop();
  }
}
