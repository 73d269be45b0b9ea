import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { RefusalExplainer } from './refusal-explainer.js';
import { RefusalExplanation, RefusalKey, RefusalPage, RefusalQuery } from './refusal.schemas.js';
import { RefusalsService } from './refusals.service.js';

@ApiTags('refusals')
@Controller('refusals')
export class RefusalsController {
  constructor(
    private readonly refusals: RefusalsService,
    private readonly explainer: RefusalExplainer,
  ) {}

  @Summary('What was refused to whom and by which rule, counted: one by one, or by client, action, topic or rule.')
  @Get()
  @Allow('policy:read')
  @Answers(RefusalPage)
  @Problems(400)
  list(@Query({ schema: RefusalQuery }) query: RefusalQuery): Promise<RefusalPage> {
    return this.refusals.list(query);
  }

  @Summary('Why it was refused, rule by rule, by the policy of then and by the live one.')
  @Get(':key/explanation')
  @Allow('policy:read')
  @Answers(RefusalExplanation)
  @Problems(400, 404)
  explain(@Param({ schema: RefusalKey }) { key }: RefusalKey): Promise<RefusalExplanation> {
    return this.explainer.explain(key);
  }
}
