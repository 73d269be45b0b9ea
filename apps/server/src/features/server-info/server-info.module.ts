import { Module } from '@nestjs/common';
import { PolicyModule } from '../../policy/policy.module.js';
import { ServerController } from './server-info.controller.js';
import { ServerInfoService } from './server-info.service.js';

@Module({ imports: [PolicyModule], controllers: [ServerController], providers: [ServerInfoService] })
export class ServerInfoModule {}
