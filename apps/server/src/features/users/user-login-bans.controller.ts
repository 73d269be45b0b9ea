import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import { LoginBan, LoginBanList, LoginBanQuery, NewLoginBan } from './login-ban.schemas.js';
import { UserLoginBansService } from './user-login-bans.service.js';

@ApiTags('users')
@Controller('users/:id/login-bans')
export class UserLoginBansController {
  constructor(private readonly bans: UserLoginBansService) {}

  @Summary('Where this user is kept out because too many wrong passwords came from there, the latest first.')
  @Get()
  @Allow('users:read')
  @Answers(LoginBanList)
  @Problems(404)
  list(@Param({ schema: IdParam }) { id }: IdParam): Promise<LoginBanList> {
    return this.bans.list(id);
  }

  @Summary('Keeps the user out at one address, as wrong passwords would have: takes a lift back.')
  @Post()
  @Allow('users:write')
  @Answers(LoginBan, 201)
  @Problems(404, 422)
  create(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: NewLoginBan }) input: NewLoginBan,
    @CurrentActor() actor: Actor,
  ): Promise<LoginBan> {
    return this.bans.create(id, input, actor);
  }

  @Summary('Lets the user try again at one address.')
  @Delete()
  @Allow('users:write')
  @Answers(LoginBan)
  @Problems(400, 404)
  lift(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Query({ schema: LoginBanQuery }) query: LoginBanQuery,
    @CurrentActor() actor: Actor,
  ): Promise<LoginBan> {
    return this.bans.lift(id, query, actor);
  }
}
