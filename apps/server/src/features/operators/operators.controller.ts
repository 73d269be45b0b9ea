import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import { NewOperator, Operator, OperatorList, OperatorPatch } from './operator.schemas.js';
import { OperatorsService } from './operators.service.js';

@ApiTags('operators')
@Controller('operators')
export class OperatorsController {
  constructor(private readonly operators: OperatorsService) {}

  @Summary('All operators, by name.')
  @Get()
  @Allow('operators:read')
  @Answers(OperatorList)
  list(): Promise<OperatorList> {
    return this.operators.list();
  }

  @Summary('Makes an operator. 409 when the name is taken.')
  @Post()
  @Allow('operators:write')
  @Answers(Operator, 201)
  @Problems(409, 422)
  create(@Body({ schema: NewOperator }) input: NewOperator, @CurrentActor() actor: Actor): Promise<Operator> {
    return this.operators.create(input, actor);
  }

  @Summary('Changes role, password or state; the sessions of that operator end. 409 for the last active admin.')
  @Patch(':id')
  @Allow('operators:write')
  @Answers(Operator)
  @Problems(404, 409, 422)
  update(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: OperatorPatch }) patch: OperatorPatch,
    @CurrentActor() actor: Actor,
  ): Promise<Operator> {
    return this.operators.update(id, patch, actor);
  }

  @Summary('Deletes an operator; their sessions end. 409 for the last active admin.')
  @Delete(':id')
  @Allow('operators:write')
  @Answers(null, 204)
  @Problems(404, 409)
  remove(@Param({ schema: IdParam }) { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.operators.remove(id, actor);
  }
}
