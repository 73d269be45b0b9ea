import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { IdempotentAnswers } from '../../http/idempotent-answers.js';
import { AuditModule } from '../audit/audit.module.js';
import { EventController } from './event.controller.js';
import { PublishController } from './publish.controller.js';
import { PublishPaces } from './publish-paces.js';
import { PublishService } from './publish.service.js';

@Module({
  imports: [AuditModule, BrokerModule],
  controllers: [EventController, PublishController],
  providers: [{ provide: IdempotentAnswers, useFactory: () => new IdempotentAnswers() }, PublishPaces, PublishService],
  exports: [IdempotentAnswers, PublishService],
})
export class PublishModule {}
