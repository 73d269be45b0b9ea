import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { PublishModule } from '../publish/publish.module.js';
import { DeletedMessages } from './deleted-messages.js';
import { RetainedController } from './retained.controller.js';
import { RetainedExport } from './retained-export.js';
import { RetainedFileController } from './retained-file.controller.js';
import { RetainedImport } from './retained-import.js';
import { RetainedJobs } from './retained-jobs.js';
import { RetainedJobsController } from './retained-jobs.controller.js';
import { RetainedService } from './retained.service.js';

@Module({
  imports: [AuditModule, BrokerModule, PublishModule],
  controllers: [RetainedJobsController, RetainedFileController, RetainedController],
  providers: [RetainedService, DeletedMessages, RetainedJobs, RetainedExport, RetainedImport],
})
export class RetainedModule {}
