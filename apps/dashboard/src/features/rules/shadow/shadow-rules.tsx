import { Button } from '@mantine/core';
import type { Rule } from '@perch/policy';
import type { PolicyShadowReport } from '../../../shared/api/generated/types.gen.js';
import { RuleSummary } from '../rule-summary.js';
import { ShadowCountsLine } from './shadow-counts.js';
import { shadowTexts as texts } from './texts.js';
import classes from './shadow.module.css';

interface ShadowRulesProps {
  readonly found: PolicyShadowReport['rules'];
  readonly rules: readonly Rule[];
  readonly shown: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

/** Rule by rule of the shadow: what each would have changed. */
export function ShadowRules({ found, rules, shown, onShow }: ShadowRulesProps) {
  return (
    <ul className={classes.list} aria-label={texts.views.rules}>
      {found.map(({ ruleId, ...counts }) => (
        <li key={ruleId ?? ''}>
          <RuleOfShadow {...{ ruleId, rules, shown, onShow }} />
          <ShadowCountsLine counts={counts} />
        </li>
      ))}
    </ul>
  );
}

function RuleOfShadow({ ruleId, rules, shown, onShow }: Omit<ShadowRulesProps, 'found'> & { ruleId: string | null }) {
  if (ruleId === null) return <strong>{texts.default}</strong>;
  const index = rules.findIndex(({ id }) => id === ruleId);
  const rule = rules[index];
  const place = shown.findIndex(({ id }) => id === ruleId) + 1;
  return (
    <div className={classes.line}>
      <strong>{rule ? texts.rule(index + 1) : texts.gone}</strong>
      {rule && <RuleSummary rule={rule} />}
      {place > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => onShow(ruleId)}>
          {texts.goTo(place)}
        </Button>
      )}
    </div>
  );
}
