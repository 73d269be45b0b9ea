import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ClientBulkService } from './client-bulk.service.js';
import { ClientRanks } from './client-ranks.js';
import {
  ClientBulk,
  ClientBulkResult,
  ClientFilter,
  ClientLoadQuestion,
  ClientLoads,
  ClientRankQuestion,
  ClientRanks as ClientRanksAnswer,
} from './client.schemas.js';
import { ClientsService } from './clients.service.js';

/** Many clients at once. */
@ApiTags('clients')
@Controller()
export class ClientsBatchController {
  constructor(
    private readonly clients: ClientsService,
    private readonly bulk: ClientBulkService,
    private readonly clientRanks: ClientRanks,
  ) {}

  @Summary(
    'Disconnects many clients before the reply, and ends the sessions that are kept for them where that is asked.',
  )
  @Post('clients/bulk')
  @Allow('clients:write')
  @Answers(ClientBulkResult)
  @Problems(413, 422, 503)
  run(@Body({ schema: ClientBulk }) input: ClientBulk, @CurrentActor() actor: Actor): Promise<ClientBulkResult> {
    return this.bulk.run(input, actor);
  }

  @Summary(
    'What the sessions of up to 500 clients have on their hands: ask again for how fast their messages come and go.',
  )
  @Post('clients/loads')
  @Allow('clients:read')
  @Answers(ClientLoads)
  @Problems(413, 422)
  loads(@Body({ schema: ClientLoadQuestion }) { clientIds }: ClientLoadQuestion): ClientLoads {
    return this.clients.loads(clientIds);
  }

  @Summary('How much of one thing each client has that has any, to sort all of them by.')
  @Post('clients/ranks')
  @Allow('clients:read')
  @Answers(ClientRanksAnswer)
  @Problems(422)
  ranks(@Body({ schema: ClientRankQuestion }) { by }: ClientRankQuestion): Promise<ClientRanksAnswer> {
    return this.clientRanks.by(by);
  }

  @Summary('All clients that the filter means, as CSV.')
  @Get('clients.csv')
  @Allow('clients:read')
  @ApiOkResponse({ description: 'The file.', content: { 'text/csv': { schema: { type: 'string' } } } })
  @Problems(400)
  async export(@Query({ schema: ClientFilter }) filter: ClientFilter): Promise<StreamableFile> {
    return new StreamableFile(Readable.from(await this.clients.export(filter)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="clients.csv"',
    });
  }
}
