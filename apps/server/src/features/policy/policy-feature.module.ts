import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { PolicyPush } from '../../policy/policy-push.js';
import { PolicyService } from '../../policy/policy.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { PolicyController } from './policy.controller.js';
import { PolicyEditor } from './policy-editor.js';
import { PolicyReader } from './policy-reader.js';
import { RuleEditor } from './rule-editor.js';
import { RulesController } from './rules.controller.js';

const policyPush = {
  provide: PolicyPush,
  inject: [PolicyService, Broker],
  useFactory: (policy: PolicyService, broker: Broker) => new PolicyPush(policy, broker),
};

@Module({
  imports: [AuditModule, BrokerModule, PolicyModule],
  controllers: [RulesController, PolicyController],
  providers: [PolicyReader, PolicyEditor, RuleEditor, policyPush],
})
export class PolicyFeatureModule implements OnApplicationShutdown {
  constructor(@Inject(PolicyPush) private readonly push: PolicyPush) {}

  onApplicationShutdown(): void {
    this.push.stop();
  }
}
