import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import {
  Ban,
  BanPage,
  BanPatch,
  BanPreview,
  BanQuery,
  BanTarget,
  BulkBan,
  BulkBanResult,
  CreatedBan,
  NewBan,
} from './ban.schemas.js';
import { BansService } from './bans.service.js';

@ApiTags('bans')
@Controller('bans')
export class BansController {
  constructor(private readonly bans: BansService) {}

  @Summary('One page of bans, the latest first.')
  @Get()
  @Allow('clients:read')
  @Answers(BanPage)
  @Problems(400)
  list(@Query({ schema: BanQuery }) query: BanQuery): Promise<BanPage> {
    return this.bans.page(query);
  }

  @Summary('Keeps a client id, a user or an address out. The connections that it meets are closed before the reply.')
  @Post()
  @Allow('clients:write')
  @Answers(CreatedBan, 201)
  @Problems(409, 422)
  create(@Body({ schema: NewBan }) input: NewBan, @CurrentActor() actor: Actor): Promise<CreatedBan> {
    return this.bans.create(input, actor);
  }

  @Summary('Keeps many client ids out at once. The connections that it meets are closed before the reply.')
  @Post('bulk')
  @Allow('clients:write')
  @Answers(BulkBanResult)
  @Problems(413, 422)
  createAll(@Body({ schema: BulkBan }) input: BulkBan, @CurrentActor() actor: Actor): Promise<BulkBanResult> {
    return this.bans.createAll(input, actor);
  }

  @Summary('Whom a ban would meet now. Nothing is changed.')
  @Post('preview')
  @Allow('clients:read')
  @Answers(BanPreview)
  @Problems(422)
  preview(@Body({ schema: BanTarget }) target: BanTarget, @CurrentActor() actor: Actor): Promise<BanPreview> {
    return this.bans.preview(target, actor);
  }

  @Summary('Changes how long a ban holds, or why.')
  @Patch(':id')
  @Allow('clients:write')
  @Answers(Ban)
  @Problems(404, 409, 422)
  update(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: BanPatch }) patch: BanPatch,
    @CurrentActor() actor: Actor,
  ): Promise<Ban> {
    return this.bans.update(id, patch, actor);
  }

  @Summary('Lifts a ban: whom it kept out may connect again. It stays in the list as history.')
  @Delete(':id')
  @Allow('clients:write')
  @Answers(Ban)
  @Problems(404, 409)
  lift(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<Ban> {
    return this.bans.lift(id, actor);
  }
}
