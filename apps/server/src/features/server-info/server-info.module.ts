import { Module } from '@nestjs/common';
import { ServerController } from './server-info.controller.js';
import { ServerInfoService } from './server-info.service.js';

@Module({ controllers: [ServerController], providers: [ServerInfoService] })
export class ServerInfoModule {}
