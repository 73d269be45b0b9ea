import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { AccessQuestions } from './access-questions.js';
import { PolicyTestReport, PolicyTestRun } from './access-test.schemas.js';
import { ExplainAnswer, ExplainInput } from './explain.schemas.js';

/** Questions to the live policy, a draft or a revision. They change nothing. */
@ApiTags('policy')
@Controller('policy')
export class PolicyQuestionsController {
  constructor(private readonly questions: AccessQuestions) {}

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
}
