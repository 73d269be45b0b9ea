import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ClientParam } from '../clients/client.schemas.js';
import { AccessQuestions } from './access-questions.js';
import { PolicyTestReport, PolicyTestRun } from './access-test.schemas.js';
import { ExplainAnswer, ExplainInput } from './explain.schemas.js';
import { LintInput, LintReport } from './lint.schemas.js';
import { PolicyAdvice } from './policy-advice.js';
import { PolicyLinter } from './policy-linter.js';
import { Proposals, ProposeInput, ReachAnswer, ReachInput, Suggestion, WhoAnswer, WhoInput } from './reach.schemas.js';

/** Questions to the live policy, a draft or a revision. They change nothing. */
@ApiTags('policy')
@Controller('policy')
export class PolicyQuestionsController {
  constructor(
    private readonly questions: AccessQuestions,
    private readonly advice: PolicyAdvice,
    private readonly linter: PolicyLinter,
  ) {}

  @Summary('Whether a client may publish or subscribe, and rule by rule why.')
  @Post('explain')
  @Allow('policy:read')
  @Answers(ExplainAnswer)
  @Problems(404, 422)
  explain(@Body({ schema: ExplainInput }) input: ExplainInput): Promise<ExplainAnswer> {
    return this.questions.explain(input);
  }

  @Summary('Runs access tests, those that are sent or those that are stored, and says why each fails.')
  @Post('tests')
  @Allow('policy:read')
  @Answers(PolicyTestReport)
  @Problems(404, 413, 422)
  test(@Body({ schema: PolicyTestRun }) input: PolicyTestRun): Promise<PolicyTestReport> {
    return this.questions.test(input);
  }

  @Summary('Who can publish or subscribe to anything under a filter: clients that have a session, and rules.')
  @Post('who')
  @Allow('policy:read')
  @Answers(WhoAnswer)
  @Problems(404, 413, 422, 503)
  who(@Body({ schema: WhoInput }) input: WhoInput): Promise<WhoAnswer> {
    return this.questions.who(input);
  }

  @Summary('Everything that one client can publish to, or read.')
  @Post('reach')
  @Allow('policy:read')
  @Answers(ReachAnswer)
  @Problems(404, 413, 422)
  reach(@Body({ schema: ReachInput }) input: ReachInput): Promise<ReachAnswer> {
    return this.questions.reach(input);
  }

  @Summary('The narrowest rules that would allow, or deny, exactly this, each with the place that it needs.')
  @Post('propose')
  @Allow('policy:read')
  @Answers(Proposals)
  @Problems(404, 413, 422)
  propose(@Body({ schema: ProposeInput }) input: ProposeInput): Promise<Proposals> {
    return this.questions.propose(input);
  }

  @Summary('Everything questionable about the live policy or a draft, with a way out where there is a safe one.')
  @Post('lint')
  @Allow('policy:read')
  @Answers(LintReport)
  @Problems(413, 422)
  lint(@Body({ schema: LintInput }) input: LintInput): Promise<LintReport> {
    return this.linter.lint(input);
  }

  @Summary('The smallest rules for what a client does now, and what its present rules allow beyond that.')
  @Get('suggest/:clientId')
  @Allow('policy:read')
  @Answers(Suggestion)
  @Problems(404)
  suggest(@Param({ schema: ClientParam }) { clientId }: ClientParam): Suggestion {
    return this.advice.suggest(clientId);
  }
}
