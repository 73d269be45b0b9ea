import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { IdParam } from '../../http/fields.js';
import { ApiIfMatch, IfMatch } from '../../http/if-match.js';
import { PolicyChange, SaveQuery } from './policy.schemas.js';
import { PolicyReader } from './policy-reader.js';
import { RuleEditor } from './rule-editor.js';
import { NewRule, Rule, RuleMove, RulePatch } from './rule.schemas.js';

@ApiTags('policy')
@Controller('policy/rules')
export class RulesController {
  constructor(
    private readonly reader: PolicyReader,
    private readonly rules: RuleEditor,
  ) {}

  @Summary('Adds one rule and makes a revision; it is enforced before the reply.')
  @Post()
  @Allow('policy:write')
  @ApiIfMatch(false)
  @Answers(PolicyChange, 201)
  @Problems(400, 412, 422)
  create(
    @IfMatch() revision: number | null,
    @Query({ schema: SaveQuery }) save: SaveQuery,
    @Body({ schema: NewRule }) input: NewRule,
    @CurrentActor() actor: Actor,
  ): Promise<PolicyChange> {
    return this.rules.create({ ...save, revision, actor }, input);
  }

  @Summary('One rule of the live policy.')
  @Get(':id')
  @Allow('policy:read')
  @Answers(Rule)
  @Problems(404)
  get(@Param({ schema: IdParam }) { id }: IdParam): Rule {
    return this.reader.rule(id);
  }

  @Summary('Changes one rule and makes a revision; it is enforced before the reply.')
  @Patch(':id')
  @Allow('policy:write')
  @ApiIfMatch(false)
  @Answers(PolicyChange)
  @Problems(400, 404, 412, 422)
  update(
    @Param({ schema: IdParam }) { id }: IdParam,
    @IfMatch() revision: number | null,
    @Query({ schema: SaveQuery }) save: SaveQuery,
    @Body({ schema: RulePatch }) patch: RulePatch,
    @CurrentActor() actor: Actor,
  ): Promise<PolicyChange> {
    return this.rules.update({ ...save, revision, actor }, id, patch);
  }

  @Summary('Removes one rule and makes a revision; it is enforced before the reply.')
  @Delete(':id')
  @Allow('policy:write')
  @ApiIfMatch(false)
  @Answers(PolicyChange)
  @Problems(400, 404, 412, 422)
  remove(
    @Param({ schema: IdParam }) { id }: IdParam,
    @IfMatch() revision: number | null,
    @Query({ schema: SaveQuery }) save: SaveQuery,
    @CurrentActor() actor: Actor,
  ): Promise<PolicyChange> {
    return this.rules.remove({ ...save, revision, actor }, id);
  }

  @Summary('Moves one rule to another place and makes a revision; it is enforced before the reply.')
  @Post(':id/move')
  @Allow('policy:write')
  @ApiIfMatch(false)
  @Answers(PolicyChange)
  @Problems(400, 404, 412, 422)
  move(
    @Param({ schema: IdParam }) { id }: IdParam,
    @IfMatch() revision: number | null,
    @Query({ schema: SaveQuery }) save: SaveQuery,
    @Body({ schema: RuleMove }) { position }: RuleMove,
    @CurrentActor() actor: Actor,
  ): Promise<PolicyChange> {
    return this.rules.move({ ...save, revision, actor }, id, position);
  }
}
