import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconSearchOff, IconShieldCheck } from '@tabler/icons-react';
import type { Refusal } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatCount } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { Sparkline } from '../../shared/ui/sparkline.js';
import { EmptyState } from '../../shared/ui/states.js';
import { DeniedMenu } from './denied-menu.js';
import { type RuleNumbers, reasonOf, summaryOf } from './reason.js';
import type { DeniedGroup, DeniedSearch, DeniedTab } from './search.js';
import { deniedTexts } from './texts.js';
import classes from './denied.module.css';

/** What can be done with a row. */
export interface RowActions {
  readonly onExplain: (refusal: Refusal) => void;
  /** Lists what a group stands for. */
  readonly onNarrow: (change: DeniedSearch) => void;
  readonly onMute: (key: string) => void;
}

interface DeniedTableProps extends RowActions {
  readonly rows: readonly Refusal[] | undefined;
  readonly rules: RuleNumbers;
  readonly group: DeniedGroup;
  readonly tab: DeniedTab;
  readonly isStale: boolean;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

/** One row for alike refusals, or for each client, action, topic or rule. */
export function DeniedTable({ rows, group, tab, isStale, isFiltered, onClear, ...rest }: DeniedTableProps) {
  const empty = isFiltered ? (
    <EmptyState
      icon={IconSearchOff}
      title={deniedTexts.nothingTitle}
      action={
        <Button variant="default" size="xs" onClick={onClear}>
          {deniedTexts.clear}
        </Button>
      }
    />
  ) : (
    <EmptyState icon={IconShieldCheck} title={deniedTexts.emptyTitle}>
      {deniedTexts.emptyText[tab]}
    </EmptyState>
  );
  return (
    <DataTable
      label={deniedTexts.table}
      columns={columnsFor(group, tab, rest)}
      rows={rows}
      rowKey={({ key }) => key}
      empty={empty}
      isStale={isStale}
      minWidth={group === 'entry' ? 900 : 680}
    />
  );
}

function columnsFor(
  group: DeniedGroup,
  tab: DeniedTab,
  { rules, ...actions }: RowActions & { readonly rules: RuleNumbers },
): Column<Refusal>[] {
  const { columns } = deniedTexts;
  const isOf = (shown: DeniedGroup) => group === 'entry' || group === shown;
  const all: (Column<Refusal> | false)[] = [
    { key: 'last', header: columns.last, width: 132, cell: (row) => <TimeCell refusal={row} /> },
    isOf('client') && { key: 'client', header: columns.client, cell: (row) => <ClientCell refusal={row} /> },
    isOf('action') &&
      tab !== 'auth' && { key: 'action', header: columns.action, cell: ({ action }) => deniedTexts.actions[action] },
    isOf('topic') &&
      tab !== 'auth' && {
        key: 'topic',
        header: columns.topic,
        width: '26%',
        cell: (row) => <TopicCell refusal={row} />,
      },
    isOf('rule') && {
      key: 'reason',
      header: columns.reason,
      cell: (row) => <ReasonCell refusal={row} rules={rules} />,
    },
    group !== 'entry' && {
      key: 'entries',
      header: columns.entries,
      align: 'end',
      cell: ({ entries }) => <span className="perch-number">{formatCount(entries)}</span>,
    },
    {
      key: 'count',
      header: columns.count,
      align: 'end',
      cell: ({ count }) => <span className="perch-number">{formatCount(count)}</span>,
    },
    { key: 'series', header: columns.series, width: 110, cell: (row) => <SeriesCell refusal={row} /> },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      cell: (row) => <ActionsCell refusal={row} group={group} {...actions} />,
    },
  ];
  return all.filter((column) => column !== false);
}

/** When it was refused last, and since when. */
function TimeCell({ refusal: { firstAt, lastAt } }: { refusal: Refusal }) {
  return (
    <div>
      <RelativeTime at={lastAt} />
      <Text size="xs" c="dimmed">
        {deniedTexts.first} <RelativeTime at={firstAt} />
      </Text>
    </div>
  );
}

function ClientCell({ refusal: { clientId, username, address, omits } }: { refusal: Refusal }) {
  if (omits === 'clients') return <Text size="sm">{deniedTexts.otherClients}</Text>;
  return (
    <div className={classes.client}>
      <Text size="sm" className="perch-mono" truncate title={clientId === null ? undefined : visibleText(clientId)}>
        {literal(clientId ?? deniedTexts.noClient)}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {literal(username ?? deniedTexts.anonymous)}
        {address !== null && ` · ${address}`}
      </Text>
    </div>
  );
}

function TopicCell({ refusal: { topic, omits } }: { refusal: Refusal }) {
  if (topic === null) return omits === 'topics' ? deniedTexts.otherTopics : deniedTexts.noTopic;
  return (
    <Text size="sm" className={`perch-mono ${classes.topic}`} title={visibleText(topic)}>
      {literal(topic)}
    </Text>
  );
}

/** A rule is a link to where it stands. */
function ReasonCell({ refusal, rules }: { refusal: Refusal; rules: RuleNumbers }) {
  const words = reasonOf(refusal, rules);
  if (refusal.decider !== 'rule' || refusal.ruleId === null || !rules.has(refusal.ruleId)) return words;
  return (
    <TextLink to="/access/rules" search={{ rule: refusal.ruleId }} size="sm">
      {words}
    </TextLink>
  );
}

function SeriesCell({ refusal: { series, count } }: { refusal: Refusal }) {
  return (
    <div className={classes.series}>
      <Sparkline series={[series]} colours={['--perch-accent']} label={deniedTexts.chart(formatCount(count))} />
    </div>
  );
}

function ActionsCell({ refusal, group, ...actions }: { refusal: Refusal; group: DeniedGroup } & RowActions) {
  const what = summaryOf(refusal);
  const change = { client: { client: refusal.clientId ?? undefined }, action: actionOf(refusal) };
  const narrow = { ...change, topic: { topic: refusal.topic ?? undefined }, rule: { rule: refusal.ruleId ?? '-' } };
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {group === 'entry' ? (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={deniedTexts.explainOf(what)}
          onClick={() => actions.onExplain(refusal)}
        >
          {deniedTexts.explainRow}
        </Button>
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={() => actions.onNarrow(narrow[group])}>
          {deniedTexts.narrow}
        </Button>
      )}
      {group === 'entry' && <DeniedMenu refusal={refusal} what={what} onMute={actions.onMute} />}
    </Group>
  );
}

function actionOf({ action }: Refusal): DeniedSearch {
  return { action: action === 'connect' ? undefined : action };
}
