import { Body, Controller, Post, Query } from '@nestjs/common';
import { ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import { AlsoClients, Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdempotentAnswers } from '../../http/idempotent-answers.js';
import { messageFrom } from './publish-messages.js';
import { PublishPaces } from './publish-paces.js';
import { PublishService } from './publish.service.js';
import {
  Publication,
  PublicationBatch,
  PublishBatchQuery,
  Published,
  PublishedBatch,
  PublishQuery,
} from './publish.schemas.js';
import { CurrentSender, type Sender } from './sender.js';

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same request with the same key publishes once and is answered alike, for ten minutes.',
};

@ApiTags('publish')
@Controller('publish')
export class PublishController {
  constructor(
    private readonly publisher: PublishService,
    private readonly paces: PublishPaces,
    private readonly answers: IdempotentAnswers,
  ) {}

  @Summary('Publishes one message. The reply follows the commit of everything that must survive a crash.')
  @Post()
  @Allow('messages:write')
  @AlsoClients()
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiConsumes('application/json', '*/*')
  @Answers(Published)
  @Problems(400, 409, 413, 415, 422, 429, 503)
  message(
    @Body({ schema: Publication }) input: Publication,
    @Query({ schema: PublishQuery }) _query: PublishQuery,
    @CurrentSender() sender: Sender,
  ): Promise<Published> {
    const request = { caller: sender.key, key: sender.idempotencyKey, body: input, results: 1 };
    return this.answers.once(request, async () => {
      const message = messageFrom(input);
      this.paces.spend(sender.pacedAs, [message.payload]);
      return this.publisher.publishFor(message, sender);
    });
  }

  @Summary('Publishes up to 1,000 messages in their order, and says of each what became of it.')
  @Post('batch')
  @Allow('messages:write')
  @AlsoClients()
  @ApiHeader(IDEMPOTENCY_KEY)
  @Answers(PublishedBatch)
  @Problems(400, 409, 413, 422, 429, 503)
  batch(
    @Body({ schema: PublicationBatch }) input: PublicationBatch,
    @Query({ schema: PublishBatchQuery }) _query: PublishBatchQuery,
    @CurrentSender() sender: Sender,
  ): Promise<PublishedBatch> {
    const request = { caller: sender.key, key: sender.idempotencyKey, body: input, results: input.messages.length };
    return this.answers.once(request, async () => {
      const messages = input.messages.map(messageFrom);
      this.paces.spend(
        sender.pacedAs,
        messages.map(({ payload }) => payload),
      );
      return this.publisher.publishAllFor(messages, sender);
    });
  }
}
