import { SegmentedControl, Stack, Text } from '@mantine/core';
import type { Rule } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PolicyShadowReport } from '../../../shared/api/generated/types.gen.js';
import { TableSkeleton } from '../../../shared/ui/data-table.js';
import { formatCount } from '../../../shared/ui/format.js';
import { RelativeTime } from '../../../shared/ui/relative-time.js';
import { ErrorState } from '../../../shared/ui/states.js';
import { shadowReport } from '../queries.js';
import { shadowChanges, sumOf } from './counts.js';
import { ShadowClients } from './shadow-clients.js';
import { ShadowItems } from './shadow-items.js';
import { ShadowRules } from './shadow-rules.js';
import { shadowTexts as texts } from './texts.js';
import classes from '../impact/impact.module.css';

interface ShadowFindingsProps {
  /** The rules that are judged in shadow. */
  readonly rules: readonly Rule[];
  /** The rules of the list, to which there is a way. */
  readonly shown: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

type View = keyof typeof texts.views;

/** What the shadow would have refused and allowed so far: in sum, by rule, by client, and one by one. */
export function ShadowFindings({ rules, shown, onShow }: ShadowFindingsProps) {
  const { data: report, error, refetch } = useQuery(shadowReport());
  const [view, setView] = useState<View>('rules');
  if (!report && error) {
    return <ErrorState error={error} onRetry={() => refetch()} />;
  }
  if (!report) return <TableSkeleton rows={4} columns={1} />;
  return (
    <Stack gap="sm">
      <ShadowTotals report={report} />
      {sumOf(report.totals) === 0 ? (
        <Text size="sm">{texts.nothing}</Text>
      ) : (
        <>
          <SegmentedControl
            fullWidth
            aria-label={texts.list}
            value={view}
            data={(['rules', 'clients', 'items'] as const).map((value) => ({ value, label: texts.views[value] }))}
            onChange={setView}
          />
          {view === 'rules' && <ShadowRules found={report.rules} {...{ rules, shown, onShow }} />}
          {view === 'clients' && <ShadowClients report={report} />}
          {view === 'items' && <ShadowItems items={report.items} label={texts.views.items} />}
          {report.omitted > 0 && (
            <Text size="xs" c="dimmed">
              {texts.omitted(report.omitted)}
            </Text>
          )}
        </>
      )}
    </Stack>
  );
}

function ShadowTotals({ report: { since, totals } }: { report: PolicyShadowReport }) {
  return (
    <>
      <dl className={classes.cards}>
        {shadowChanges.map((change) => (
          <div key={change} data-bad={(change === 'refused' || change === 'narrowed') && totals[change] > 0}>
            <dt>{texts.counts[change]}</dt>
            <dd>
              <strong>{formatCount(totals[change])}</strong>
              <span>{texts.hints[change]}</span>
            </dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed">
        {texts.counted} <RelativeTime at={since} />
      </Text>
    </>
  );
}
