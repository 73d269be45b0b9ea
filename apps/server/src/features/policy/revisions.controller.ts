import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ApiIfMatch, IfMatch } from '../../http/if-match.js';
import { PolicyChange, PolicyDoc } from './policy.schemas.js';
import {
  DiffQuery,
  PolicyBlame,
  PolicyDiff,
  RevisionPage,
  RevisionParam,
  RevisionQuery,
  RevisionRestore,
} from './revision.schemas.js';
import { RevisionsService } from './revisions.service.js';

@ApiTags('policy')
@Controller('policy')
export class PolicyRevisionsController {
  constructor(private readonly revisions: RevisionsService) {}

  @Summary('Who changed the policy and when, newest first.')
  @Get('revisions')
  @Allow('policy:read')
  @Answers(RevisionPage)
  @Problems(400)
  list(@Query({ schema: RevisionQuery }) query: RevisionQuery): Promise<RevisionPage> {
    return this.revisions.list(query);
  }

  @Summary('The policy as it was in one revision.')
  @Get('revisions/:revision')
  @Allow('policy:read')
  @Answers(PolicyDoc)
  @Problems(400, 404)
  get(@Param({ schema: RevisionParam }) { revision }: RevisionParam): Promise<PolicyDoc> {
    return this.revisions.get(revision);
  }

  @Summary('Makes a new revision that says what an earlier one said; it is enforced before the reply.')
  @Post('revisions/:revision/restore')
  @Allow('policy:write')
  @ApiIfMatch(false)
  @Answers(PolicyChange)
  @Problems(400, 404, 412, 422)
  restore(
    @Param({ schema: RevisionParam }) { revision: wanted }: RevisionParam,
    @IfMatch() revision: number | null,
    @Body({ schema: RevisionRestore }) input: RevisionRestore,
    @CurrentActor() actor: Actor,
  ): Promise<PolicyChange> {
    return this.revisions.restore({ ...input, revision, actor }, wanted, input.message);
  }

  @Summary('What differs between two revisions, rule by rule.')
  @Get('diff')
  @Allow('policy:read')
  @Answers(PolicyDiff)
  @Problems(400, 404)
  diff(@Query({ schema: DiffQuery }) query: DiffQuery): Promise<PolicyDiff> {
    return this.revisions.diff(query);
  }

  @Summary('Who made each live rule, and who changed it last.')
  @Get('blame')
  @Allow('policy:read')
  @Answers(PolicyBlame)
  blame(): Promise<PolicyBlame> {
    return this.revisions.blame();
  }
}
