import { Button, Group, VisuallyHidden } from '@mantine/core';
import { applyEdit, type PolicyFix, type PolicyProblem, type Rule } from '@perch/policy';
import type { Dispatch } from 'react';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { EmptyState } from '../../shared/ui/states.js';
import type { DraftAction } from './draft.js';
import { rulesTexts } from './texts.js';
import type { Problems } from './use-problems.js';
import classes from './rules.module.css';

const texts = rulesTexts.problems;

/** As many are listed: thousands would help nobody, and hold up every edit. */
const LISTED = 200;

interface ProblemsPanelProps {
  readonly problems: Problems;
  readonly rules: readonly Rule[];
  readonly isEditable: boolean;
  readonly dispatch: Dispatch<DraftAction>;
  readonly onShow: (ruleId: string) => void;
}

/** What is wrong or doubtful in the draft, each with the way to its rule and, where one is safe, a way out. */
export function ProblemsPanel({ problems, rules, isEditable, dispatch, onShow }: ProblemsPanelProps) {
  if (problems.all.length === 0) return <EmptyState title={texts.none}>{texts.text}</EmptyState>;
  const positions = new Map(rules.map((rule, index) => [rule.id, index + 1]));
  const fix = ({ edits }: PolicyFix) => dispatch({ type: 'replace', rules: edits.reduce(applyEdit, rules) });
  return (
    <>
      <ul className={classes.problems} aria-label={texts.list}>
        {problems.all.slice(0, LISTED).map((problem) => (
          <Problem
            key={`${problem.ruleId} ${problem.code} ${problem.message}`}
            problem={problem}
            position={positions.get(problem.ruleId) ?? 0}
            onShow={onShow}
            onFix={isEditable ? fix : null}
          />
        ))}
      </ul>
      {problems.all.length > LISTED && <p className={classes.dim}>{texts.more(problems.all.length - LISTED)}</p>}
    </>
  );
}

interface ProblemItemProps {
  readonly problem: PolicyProblem;
  readonly position: number;
  readonly onShow: (ruleId: string) => void;
  readonly onFix: ((fix: PolicyFix) => void) | null;
}

function Problem({ problem, position, onShow, onFix }: ProblemItemProps) {
  const { ruleId, code, severity, message, fix } = problem;
  return (
    <li>
      <StatusMark kind={severity === 'error' ? 'deny' : 'warning'}>{`${texts[severity]} ${code}`}</StatusMark>
      <p lang="en">{message}</p>
      <Group gap="xs">
        <Button variant="default" size="compact-sm" onClick={() => onShow(ruleId)}>
          {texts.goTo(position)}
          <VisuallyHidden>{texts.fixes(code, position)}</VisuallyHidden>
        </Button>
        {fix && onFix && (
          <Button variant="light" size="compact-sm" onClick={() => onFix(fix)}>
            <span lang="en">{fix.title}</span>
            <VisuallyHidden>{texts.fixes(code, position)}</VisuallyHidden>
          </Button>
        )}
      </Group>
    </li>
  );
}
