import { Button } from '@mantine/core';
import { type ExplainStep, type ExplainTopic, filtersOverlap, type Rule, splitSharedFilter } from '@perch/policy';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { EffectMark, subjectWords } from '../rule-summary.js';
import { rulesTexts } from '../texts.js';
import { type NearMiss, nearMiss } from './near-miss.js';
import { simulatorTexts as texts } from './texts.js';
import type { AccessAnswer, AccessQuestion, AccessTest, Against } from './use-access-test.js';
import classes from './simulator.module.css';

interface AccessAnswersProps {
  readonly test: AccessTest;
  readonly answer: AccessAnswer;
  readonly onShow: (ruleId: string) => void;
}

/** Yes or no in large, the sentence that says why, and what each rule said; beside it what other rules say, if that differs. */
export function AccessAnswers({ test, answer, onShow }: AccessAnswersProps) {
  const { question, other } = test;
  return (
    <>
      <div className={classes.answers} data-two={other !== null} role="group" aria-label={texts.answers}>
        <Answer answer={answer} question={question} isNamed={other !== null} />
        {other && <Answer answer={other} question={question} isNamed />}
      </div>
      <Trace answer={answer} question={question} onShow={onShow} />
    </>
  );
}

interface AnswerProps {
  readonly answer: AccessAnswer;
  readonly question: AccessQuestion;
  readonly isNamed: boolean;
}

function Answer({ answer, question, isNamed }: AnswerProps) {
  const { against, explanation, policy } = answer;
  const { allowed, exclusions, reason } = explanation;
  const Icon = allowed ? IconCheck : IconBan;
  const miss = useMemo(() => nearMiss(policy, question, explanation), [policy, question, explanation]);
  return (
    <div>
      {isNamed && <p className={classes.by}>{nameOf(against)}</p>}
      <div className={classes.answer} data-allowed={allowed}>
        <Icon size={22} aria-hidden />
        <strong>{allowed ? texts.allowed : texts.denied}</strong>
        {exclusions.length > 0 && <span>{texts.except(exclusions.join(', '))}</span>}
      </div>
      <p className={classes.reason}>
        <span lang="en">{reason}</span> {miss && missText(miss, question, answer)}
      </p>
    </div>
  );
}

function nameOf(against: Against): string {
  return typeof against === 'number' ? texts.ofRevision(against) : texts.by[against];
}

function missText(miss: NearMiss, question: AccessQuestion, { policy, explanation }: AccessAnswer): string {
  const { kind, position, filter, rule } = miss;
  const words = texts.close;
  switch (kind) {
    case 'later':
      return explanation.by === 'own-rule'
        ? words.behindOwn(position)
        : words.later(position, policy.rules.findIndex(({ id }) => id === explanation.ruleId) + 1);
    case 'access':
      return words.access(position, question.action);
    case 'subject':
      return words.subject(position, subjectWords(rule));
    case 'wider':
    case 'level':
      return words[kind](position, `“${filter}”`, `“${question.topic}”`);
    default:
      return words[kind](position);
  }
}

interface TraceProps {
  readonly answer: AccessAnswer;
  readonly question: AccessQuestion;
  readonly onShow: (ruleId: string) => void;
}

function Trace({ answer: { explanation, policy }, question, onShow }: TraceProps) {
  const { steps } = explanation;
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
          <TraceStep
            key={`${step.isOwn ? 'own' : ''} ${step.ruleId}`}
            step={step}
            rule={(step.isOwn ? question.own : policy)?.rules[step.index]}
            question={question}
            onShow={onShow}
          />
        ))}
      </ol>
    </section>
  );
}

interface TraceStepProps extends Pick<TraceProps, 'question' | 'onShow'> {
  readonly step: ExplainStep;
  readonly rule: Rule | undefined;
}

function TraceStep({ step, rule, question, onShow }: TraceStepProps) {
  // The topics of a rule that is not about this client would only distract.
  const topics = step.outcome === 'topic' || step.applies || step.outcome === 'excludes' ? (step.topics ?? []) : [];
  return (
    <li data-applies={step.applies}>
      <div className={classes.traceHead}>
        {step.isOwn ? (
          <strong>{texts.ownRule(step.index + 1)}</strong>
        ) : (
          <Button variant="subtle" size="compact-sm" onClick={() => onShow(step.ruleId)}>
            {rulesTexts.row(step.index + 1)}
          </Button>
        )}
        {rule && <EffectMark effect={rule.effect} />}
      </div>
      <p lang="en">{step.text}</p>
      {topics.map((topic) => (
        <TopicLevels key={topic.filter} topic={topic} question={question} />
      ))}
    </li>
  );
}

function TopicLevels({ topic, question }: { topic: ExplainTopic; question: AccessQuestion }) {
  return (
    <p className={classes.levels}>
      {topic.levels.map(({ rule, wanted, matches }, index) => (
        <span key={index} className={classes.level} data-matches={matches} title={texts.level(rule, wanted, matches)}>
          {rule || '∅'}
          {matches ? ' ✓' : ` ≠ ${wanted || '∅'}`}
        </span>
      ))}
      {question.action === 'subscribe' && <span className={classes.by}>{texts.reach[reachOf(topic, question)]}</span>}
    </p>
  );
}

/** How a filter of a rule lies to the filter that was asked for. */
function reachOf({ filter, matches }: ExplainTopic, { topic }: AccessQuestion): keyof typeof texts.reach {
  if (matches) return 'covers';
  const asked = splitSharedFilter(topic)?.filter ?? topic;
  return filtersOverlap(filter, asked) ? 'overlaps' : 'outside';
}
