import { Module } from '@nestjs/common';
import { BrokerModule } from '../broker/broker.module.js';
import { MessageTraces } from './message-traces.js';

/** Traces of messages, where they are asked for. */
@Module({ imports: [BrokerModule], providers: [MessageTraces] })
export class MessageTracesModule {}
