import { Button } from '@mantine/core';
import type { Effect, Explanation, ExplainStep, ExplainTopic } from '@perch/policy';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { PolicyContent } from './draft.js';
import { EffectMark } from './rule-summary.js';
import { rulesTexts } from './texts.js';
import type { AccessTest } from './use-access-test.js';
import classes from './rules.module.css';

const texts = rulesTexts.test;

interface AccessAnswerProps {
  readonly test: AccessTest;
  readonly answer: Explanation;
  readonly rules: PolicyContent;
  readonly onShow: (ruleId: string) => void;
}

/** Yes or no in large, the sentence that says why, and what each rule said. */
export function AccessAnswer({ test, answer, rules, onShow }: AccessAnswerProps) {
  const { otherAnswer, against } = test;
  const Icon = answer.allowed ? IconCheck : IconBan;
  return (
    <div>
      <div className={classes.answer} data-allowed={answer.allowed}>
        <Icon size={22} aria-hidden />
        <strong>{answer.allowed ? texts.allowed : texts.denied}</strong>
        {answer.exclusions.length > 0 && <span>{texts.except(answer.exclusions.join(', '))}</span>}
      </div>
      <p className={classes.reason}>{answer.reason}</p>
      {otherAnswer && (
        <p className={classes.otherwise}>
          {texts.otherwise[against]} <EffectMark effect={otherAnswer.allowed ? 'allow' : 'deny'} />
        </p>
      )}
      <Trace steps={answer.steps} rules={rules} onShow={onShow} />
    </div>
  );
}

interface TraceProps extends Pick<AccessAnswerProps, 'rules' | 'onShow'> {
  readonly steps: readonly ExplainStep[];
}

function Trace({ steps, rules, onShow }: TraceProps) {
  const [isAll, setAll] = useState(false);
  if (steps.length === 0) return null;
  const telling = steps.filter((step) => step.outcome !== 'subject' && step.outcome !== 'access');
  const hidden = steps.length - telling.length;
  return (
    <section aria-label={texts.trace}>
      <h3 className={classes.traceTitle}>
        {texts.trace}
        {hidden > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => setAll(!isAll)}>
            {texts.others(hidden)} · {isAll ? texts.hide : texts.showAll}
          </Button>
        )}
      </h3>
      <ol className={classes.trace}>
        {(isAll ? steps : telling).map((step) => (
          <TraceStep key={step.ruleId} step={step} effect={rules.rules[step.index]?.effect ?? 'deny'} onShow={onShow} />
        ))}
      </ol>
    </section>
  );
}

interface TraceStepProps extends Pick<AccessAnswerProps, 'onShow'> {
  readonly step: ExplainStep;
  readonly effect: Effect;
}

function TraceStep({ step, effect, onShow }: TraceStepProps) {
  // The topics of a rule that is not about this client would only distract.
  const topics = step.outcome === 'topic' || step.applies || step.outcome === 'excludes' ? (step.topics ?? []) : [];
  return (
    <li data-applies={step.applies}>
      <div className={classes.traceHead}>
        <Button variant="subtle" size="compact-sm" onClick={() => onShow(step.ruleId)}>
          {rulesTexts.row(step.index + 1)}
        </Button>
        <EffectMark effect={effect} />
      </div>
      <p>{step.text}</p>
      {topics.map((topic) => (
        <TopicLevels key={topic.filter} topic={topic} />
      ))}
    </li>
  );
}

function TopicLevels({ topic }: { topic: ExplainTopic }) {
  return (
    <p className={classes.levels}>
      {topic.levels.map(({ rule, wanted, matches }, index) => (
        <span key={index} className={classes.level} data-matches={matches} title={texts.level(rule, wanted, matches)}>
          {rule || '∅'}
          {matches ? ' ✓' : ` ≠ ${wanted || '∅'}`}
        </span>
      ))}
    </p>
  );
}
