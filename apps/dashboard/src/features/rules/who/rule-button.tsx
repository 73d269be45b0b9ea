import { Button } from '@mantine/core';
import type { Rule } from '@perch/policy';
import { rulesTexts } from '../texts.js';
import { whoTexts as texts } from './texts.js';

interface RuleButtonProps {
  readonly ruleId: string | null;
  readonly rules: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

/** The rule that decides, and the way to it; the default where none does. */
export function RuleButton({ ruleId, rules, onShow }: RuleButtonProps) {
  if (ruleId === null) return <span>{texts.default}</span>;
  const position = rules.findIndex(({ id }) => id === ruleId) + 1;
  return (
    <Button variant="subtle" size="compact-sm" onClick={() => onShow(ruleId)}>
      {rulesTexts.row(position)}
    </Button>
  );
}
