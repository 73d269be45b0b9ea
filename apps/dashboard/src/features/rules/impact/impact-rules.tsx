import { Button, Text } from '@mantine/core';
import type { PolicyImpact } from '../../../shared/api/generated/types.gen.js';
import type { Draft } from '../draft.js';
import { RuleSummary } from '../rule-summary.js';
import { rulesTexts } from '../texts.js';
import { impactTexts as texts } from './texts.js';
import classes from './impact.module.css';

interface ImpactRulesProps {
  readonly rules: PolicyImpact['rules'];
  readonly draft: Draft;
  readonly onShow: (ruleId: string) => void;
}

/** Rule by rule of those that changed: how much each takes and gives. */
export function ImpactRules({ rules, draft, onShow }: ImpactRulesProps) {
  if (rules.length === 0) return <Text size="sm">{texts.nobody.rules}</Text>;
  return (
    <ul className={classes.clients} aria-label={texts.views.rules}>
      {rules.map(({ ruleId, counts: { loses, narrowed, gains, widened }, clients }) => (
        <li key={ruleId ?? ''}>
          <Cause ruleId={ruleId} draft={draft} onShow={onShow} />
          <Text size="xs" c="dimmed">
            {texts.ruleCounts(loses + narrowed, gains + widened, clients)}
          </Text>
        </li>
      ))}
    </ul>
  );
}

function Cause({ ruleId, draft, onShow }: Pick<ImpactRulesProps, 'draft' | 'onShow'> & { ruleId: string | null }) {
  if (ruleId === null) return <strong>{texts.setting}</strong>;
  const index = draft.content.rules.findIndex(({ id }) => id === ruleId);
  const rule = draft.content.rules[index] ?? draft.saved.rules.find(({ id }) => id === ruleId);
  return (
    <>
      {index < 0 ? (
        <strong>{texts.gone}</strong>
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={() => onShow(ruleId)}>
          {rulesTexts.row(index + 1)}
        </Button>
      )}{' '}
      {rule && <RuleSummary rule={rule} />}
    </>
  );
}
