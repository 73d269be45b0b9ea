import { Button } from '@mantine/core';
import type { Rule } from '@perch/policy';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { EmptyState } from '../../shared/ui/states.js';
import { rulesTexts } from './texts.js';
import type { Problems } from './use-problems.js';
import classes from './rules.module.css';

const texts = rulesTexts.problems;

interface ProblemsPanelProps {
  readonly problems: Problems;
  readonly rules: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

/** What is wrong or doubtful in the draft, each with the way to its rule. */
export function ProblemsPanel({ problems, rules, onShow }: ProblemsPanelProps) {
  if (problems.all.length === 0) return <EmptyState title={texts.none}>{texts.text}</EmptyState>;
  const positions = new Map(rules.map((rule, index) => [rule.id, index + 1]));
  return (
    <ul className={classes.problems}>
      {problems.all.map((problem, index) => (
        <li key={index}>
          <StatusMark kind={problem.severity === 'error' ? 'deny' : 'warning'}>
            {`${problem.severity === 'error' ? texts.error : texts.warning} ${problem.code}`}
          </StatusMark>
          <p>{problem.message}</p>
          <Button variant="default" size="compact-sm" onClick={() => onShow(problem.ruleId)}>
            {texts.goTo(positions.get(problem.ruleId) ?? 0)}
          </Button>
        </li>
      ))}
    </ul>
  );
}
