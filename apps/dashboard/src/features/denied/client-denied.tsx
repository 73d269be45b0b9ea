import { Button, Group, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Refusal } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatCount } from '../../shared/ui/format.js';
import { LinkButton } from '../../shared/ui/links.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { ErrorState } from '../../shared/ui/states.js';
import { ExplanationDrawer } from './explanation-drawer.js';
import { refusalsOf } from './queries.js';
import { reasonOf, type RuleNumbers, summaryOf } from './reason.js';
import { deniedTexts } from './texts.js';
import { useRuleNumbers } from './use-rule-numbers.js';
import classes from './denied.module.css';

/** The last that one client was refused, and why. */
export function ClientDenied({ clientId }: { clientId: string }) {
  const { data, error, refetch } = useQuery(refusalsOf(clientId));
  const [entry, setEntry] = useState<string>();
  const rules = useRuleNumbers();
  if (error && !data) return <ErrorState error={error} onRetry={() => refetch().catch(reportError)} />;
  if (!data) return <Skeleton height={160} />;
  return (
    <Stack gap="sm">
      <DataTable
        label={deniedTexts.table}
        columns={columnsFor(rules, setEntry)}
        rows={data.items}
        rowKey={({ key }) => key}
        minWidth={320}
        empty={
          <Text size="sm" c="dimmed">
            {deniedTexts.client.empty}
          </Text>
        }
      />
      {data.items.length > 0 && (
        <Group>
          <LinkButton to="/access/denied" search={{ client: clientId, range: '30d' }} variant="default" size="xs">
            {deniedTexts.client.all}
          </LinkButton>
        </Group>
      )}
      <ExplanationDrawer entry={entry} rules={rules} onClose={() => setEntry(undefined)} />
    </Stack>
  );
}

function columnsFor(rules: RuleNumbers, onExplain: (key: string) => void): Column<Refusal>[] {
  const { columns } = deniedTexts;
  return [
    { key: 'what', header: columns.what, cell: (row) => <What refusal={row} rules={rules} /> },
    { key: 'count', header: columns.count, align: 'end', cell: ({ count }) => formatCount(count) },
    {
      key: 'explain',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      cell: (row) => (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={deniedTexts.explainOf(summaryOf(row))}
          onClick={() => onExplain(row.key)}
        >
          {deniedTexts.explainRow}
        </Button>
      ),
    },
  ];
}

function What({ refusal, rules }: { refusal: Refusal; rules: RuleNumbers }) {
  const { action, topic, omits, lastAt } = refusal;
  const where = topic ?? (omits === 'topics' ? deniedTexts.otherTopics : deniedTexts.noTopic);
  return (
    <div className={classes.what}>
      {deniedTexts.actions[action]} <Literal>{where}</Literal>
      <Text size="xs" c="dimmed">
        {reasonOf(refusal, rules)} · <RelativeTime at={lastAt} />
      </Text>
    </div>
  );
}
