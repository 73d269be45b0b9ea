import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RuleHits } from '../../broker/rule-hits/rule-hits.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Summary } from '../../http/answers.decorator.js';
import { PolicyService } from '../../policy/policy.service.js';
import { RuleHitList } from './hit.schemas.js';

@ApiTags('policy')
@Controller('policy/hits')
export class HitsController {
  constructor(
    private readonly hits: RuleHits,
    private readonly policy: PolicyService,
  ) {}

  @Summary('How often each rule of the live policy decided, and when it did so last; those that never did, too.')
  @Get()
  @Allow('policy:read')
  @Answers(RuleHitList)
  async list(): Promise<RuleHitList> {
    const used = await this.hits.read();
    const since = await this.hits.since();
    const { revision, policy } = this.policy.current;
    const items = policy.rules.map(({ id }) => {
      const { day = 0, week = 0, lastAt = null } = used.get(id) ?? {};
      return { ruleId: id, day, week, lastAt: lastAt && lastAt.toISOString() };
    });
    return { revision, since: since && since.toISOString(), items };
  }
}
