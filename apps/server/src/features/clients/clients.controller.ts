import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ClientDetail, ClientPage, ClientParam, ClientQuery, Kick, SubscriptionQuery } from './client.schemas.js';
import { ClientsService } from './clients.service.js';
import { TimelinePage, TimelineQuery } from './timeline.schemas.js';
import { TimelineService } from './timeline.service.js';

@ApiTags('clients')
@Controller('clients')
export class ClientsController {
  constructor(
    private readonly clients: ClientsService,
    private readonly timelines: TimelineService,
  ) {}

  @Summary('One page of clients, online and last seen, by client id.')
  @Get()
  @Allow('clients:read')
  @Answers(ClientPage)
  @Problems(400)
  list(@Query({ schema: ClientQuery }) query: ClientQuery): Promise<ClientPage> {
    return this.clients.list(query);
  }

  @Summary('One client, and its session while it is connected.')
  @Get(':clientId')
  @Allow('clients:read')
  @Answers(ClientDetail)
  @Problems(404)
  get(@Param({ schema: ClientParam }) { clientId }: ClientParam): ClientDetail {
    return this.clients.get(clientId);
  }

  @Summary('What happened to a client across its connections, refused connects among it; the last first.')
  @Get(':clientId/timeline')
  @Allow('clients:read')
  @Answers(TimelinePage)
  @Problems(400)
  timeline(
    @Param({ schema: ClientParam }) { clientId }: ClientParam,
    @Query({ schema: TimelineQuery }) query: TimelineQuery,
  ): Promise<TimelinePage> {
    return this.timelines.read(clientId, query);
  }

  @Summary('Disconnects a client. It may come back; disable its user or change the policy to keep it out.')
  @Post(':clientId/kick')
  @Allow('clients:write')
  @Answers(null, 204)
  @Problems(404, 409, 422)
  kick(
    @Param({ schema: ClientParam }) { clientId }: ClientParam,
    @Body({ schema: Kick }) input: Kick,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.clients.kick(clientId, input, actor);
  }

  @Summary('Takes one subscription away from a client. It is not told where its protocol has no word for it.')
  @Delete(':clientId/subscriptions')
  @Allow('clients:write')
  @Answers(null, 204)
  @Problems(400, 404, 503)
  unsubscribe(
    @Param({ schema: ClientParam }) { clientId }: ClientParam,
    @Query({ schema: SubscriptionQuery }) { filter }: SubscriptionQuery,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.clients.unsubscribe(clientId, filter, actor);
  }
}
