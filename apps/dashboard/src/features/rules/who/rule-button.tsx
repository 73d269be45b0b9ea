import { Button } from '@mantine/core';
import type { PolicyDecider, Rule } from '@perch/policy';
import { rulesTexts } from '../texts.js';
import { whoTexts as texts } from './texts.js';

interface RuleButtonProps {
  readonly ruleId: string | null;
  /** Who decides: a rule of the policy where left out. */
  readonly by?: PolicyDecider;
  readonly rules: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

/** What decides: a rule, with the way to it, or something that is not in the list. */
export function RuleButton({ ruleId, by = 'rule', rules, onShow }: RuleButtonProps) {
  if (by === 'own-rule' || by === 'built-in') return <span>{texts.decidedBy[by]}</span>;
  if (ruleId === null) return <span>{texts.decidedBy.default}</span>;
  const position = rules.findIndex(({ id }) => id === ruleId) + 1;
  // The answer may still be of the draft before the last edit.
  if (position === 0) return <span>{texts.gone}</span>;
  return (
    <Button variant="subtle" size="compact-sm" onClick={() => onShow(ruleId)}>
      {rulesTexts.row(position)}
    </Button>
  );
}
