import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ConnectionsController } from './connections.controller.js';

@Module({ imports: [BrokerModule, ClientsModule], controllers: [ConnectionsController] })
export class ConnectionsModule {}
