import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import {
  CreatedUser,
  LabelList,
  NewPassword,
  NewUser,
  PasswordReset,
  User,
  UserPage,
  UserPatch,
  UserQuery,
} from './user.schemas.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Summary('One page of users, by username.')
  @Get()
  @Allow('users:read')
  @Answers(UserPage)
  @Problems(400)
  list(@Query({ schema: UserQuery }) query: UserQuery): Promise<UserPage> {
    return this.users.list(query);
  }

  @Summary('The labels that users carry, the most frequent first.')
  @Get('labels')
  @Allow('users:read')
  @Answers(LabelList)
  labels(): Promise<LabelList> {
    return this.users.labels();
  }

  @Summary('Creates the credentials a client connects with, with a generated password where none is given.')
  @Post()
  @Allow('users:write')
  @Answers(CreatedUser, 201)
  @Problems(409, 422)
  create(@Body({ schema: NewUser }) input: NewUser, @CurrentActor() actor: Actor): Promise<CreatedUser> {
    return this.users.create(input, actor);
  }

  @Summary('One user.')
  @Get(':id')
  @Allow('users:read')
  @Answers(User)
  @Problems(404)
  get(@Param({ schema: IdParam }) { id }: IdParam): Promise<User> {
    return this.users.get(id);
  }

  @Summary('Changes what is given. Connections that the user may no longer have are closed before the reply.')
  @Patch(':id')
  @Allow('users:write')
  @Answers(User)
  @Problems(404, 422)
  update(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: UserPatch }) patch: UserPatch,
    @CurrentActor() actor: Actor,
  ): Promise<User> {
    return this.users.update(id, patch, actor);
  }

  @Summary('Sets a password, or a generated one; by default the connections of the user are closed before the reply.')
  @Post(':id/password')
  @Allow('users:write')
  @Answers(PasswordReset)
  @Problems(404, 422)
  resetPassword(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: NewPassword }) input: NewPassword,
    @CurrentActor() actor: Actor,
  ): Promise<PasswordReset> {
    return this.users.resetPassword(id, input, actor);
  }

  @Summary('Deletes a user and closes their connections before the reply.')
  @Delete(':id')
  @Allow('users:write')
  @Answers(null, 204)
  @Problems(404)
  remove(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.users.remove(id, actor);
  }
}
