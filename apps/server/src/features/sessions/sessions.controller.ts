import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ClientParam } from '../clients/client.schemas.js';
import { DroppedQueue, DurableSessionDetail, DurableSessionPage, DurableSessionQuery } from './session.schemas.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Summary('One page of durable sessions, by client id, online or not, and what all of them are owed.')
  @Get()
  @Allow('clients:read')
  @Answers(DurableSessionPage)
  @Problems(400)
  list(@Query({ schema: DurableSessionQuery }) query: DurableSessionQuery): DurableSessionPage {
    return this.sessions.list(query);
  }

  @Summary('The durable session of one client.')
  @Get(':clientId')
  @Allow('clients:read')
  @Answers(DurableSessionDetail)
  @Problems(404)
  get(@Param({ schema: ClientParam }) { clientId }: ClientParam): DurableSessionDetail {
    return this.sessions.get(clientId);
  }

  @Summary('Ends a durable session with all that it is owed; its client is disconnected and starts anew.')
  @Delete(':clientId')
  @Allow('clients:write')
  @Answers(null, 204)
  @Problems(404, 503)
  purge(@Param({ schema: ClientParam }) { clientId }: ClientParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.sessions.purge(clientId, actor);
  }

  @Summary('Drops what waits for the client; its session and what is in flight go on.')
  @Delete(':clientId/queue')
  @Allow('clients:write')
  @Answers(DroppedQueue)
  @Problems(404, 503)
  dropQueue(
    @Param({ schema: ClientParam }) { clientId }: ClientParam,
    @CurrentActor() actor: Actor,
  ): Promise<DroppedQueue> {
    return this.sessions.dropQueue(clientId, actor);
  }
}
