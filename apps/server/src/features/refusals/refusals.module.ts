import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { RefusalExplainer } from './refusal-explainer.js';
import { HitsController } from './hits.controller.js';
import { RefusalsController } from './refusals.controller.js';
import { RefusalsService } from './refusals.service.js';
import { RefusalsStore } from './refusals.store.js';

@Module({
  imports: [BrokerModule, PolicyModule],
  controllers: [HitsController, RefusalsController],
  providers: [RefusalExplainer, RefusalsService, RefusalsStore],
})
export class RefusalsModule {}
