import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { RegistryController } from './registry.controller.js';
import { RegistryService } from './registry.service.js';

@Module({ imports: [BrokerModule], controllers: [RegistryController], providers: [RegistryService] })
export class RegistryModule {}
