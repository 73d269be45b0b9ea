import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Summary } from '../../http/answers.decorator.js';
import { ServerInfo } from './server-info.schemas.js';
import { ServerInfoService } from './server-info.service.js';

@ApiTags('server')
@Controller('server')
export class ServerController {
  constructor(private readonly server: ServerInfoService) {}

  @Summary('What this server is, and where devices connect.')
  @Get()
  @Allow('stats:read')
  @Answers(ServerInfo)
  info(): ServerInfo {
    return this.server.info();
  }
}
