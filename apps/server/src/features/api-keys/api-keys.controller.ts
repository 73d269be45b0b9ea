import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import { ApiKeyList, ApiKeyRotation, IssuedApiKey, NewApiKey } from './api-key.schemas.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Summary('All API keys, by name, without their secrets.')
  @Get()
  @Allow('api-keys:read')
  @Answers(ApiKeyList)
  list(): Promise<ApiKeyList> {
    return this.keys.list();
  }

  @Summary('Makes a key for a program. Its secret is in this answer and nowhere else. 409 when the name is taken.')
  @Post()
  @Allow('api-keys:write')
  @Answers(IssuedApiKey, 201)
  @Problems(409, 422)
  create(@Body({ schema: NewApiKey }) input: NewApiKey, @CurrentActor() actor: Actor): Promise<IssuedApiKey> {
    return this.keys.create(input, actor);
  }

  @Summary('Gives a key a new secret; the old one ends at once, or after as long as is asked for.')
  @Post(':id/rotate')
  @Allow('api-keys:write')
  @Answers(IssuedApiKey)
  @Problems(404, 422)
  rotate(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: ApiKeyRotation }) input: ApiKeyRotation,
    @CurrentActor() actor: Actor,
  ): Promise<IssuedApiKey> {
    return this.keys.rotate(id, input, actor);
  }

  @Summary('Revokes a key: it opens nothing from now on, and its open connections are closed before the reply.')
  @Delete(':id')
  @Allow('api-keys:write')
  @Answers(null, 204)
  @Problems(404)
  revoke(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.keys.revoke(id, actor);
  }
}
