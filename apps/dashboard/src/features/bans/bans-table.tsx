import { Button, Group, VisuallyHidden } from '@mantine/core';
import { IconBan, IconSearchOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Ban } from '../../shared/api/generated/types.gen.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { BanEnd, BanHits, BanLifted, BanReason, BanValue } from './ban-cells.js';
import type { BanState } from './search.js';
import { bansTexts } from './texts.js';

/** What can be done with a ban. */
export interface BanDeeds {
  readonly onExtend: (ban: Ban) => void;
  readonly onLift: (ban: Ban) => void;
  /** Sets it anew, of a ban that is over. */
  readonly onAgain: (ban: Ban) => void;
}

interface BansTableProps {
  readonly rows: readonly Ban[] | undefined;
  readonly state: BanState;
  readonly isStale: boolean;
  readonly isFiltered: boolean;
  readonly onClearFilter: () => void;
  readonly deeds: BanDeeds;
  readonly addButton: ReactNode;
}

/** One row per ban. */
export function BansTable({ rows, state, isStale, deeds, ...ofEmpty }: BansTableProps) {
  return (
    <DataTable
      label={bansTexts.table}
      columns={columnsFor(state, deeds)}
      rows={rows}
      rowKey={(ban) => ban.id}
      empty={<NoBans state={state} {...ofEmpty} />}
      isStale={isStale}
      minWidth={960}
    />
  );
}

type NoBansProps = Pick<BansTableProps, 'state' | 'isFiltered' | 'onClearFilter' | 'addButton'>;

function NoBans({ state, isFiltered, onClearFilter, addButton }: NoBansProps) {
  if (isFiltered) {
    const clear = (
      <Button variant="default" size="xs" onClick={onClearFilter}>
        {bansTexts.clear}
      </Button>
    );
    return (
      <EmptyState icon={IconSearchOff} title={bansTexts.nothingTitle} action={clear}>
        {bansTexts.nothingText}
      </EmptyState>
    );
  }
  const isActive = state === 'active';
  return (
    <EmptyState icon={IconBan} title={bansTexts.empty[state]} action={isActive && addButton}>
      {isActive ? bansTexts.emptyText : bansTexts.historyText}
    </EmptyState>
  );
}

function columnsFor(state: BanState, deeds: BanDeeds): Column<Ban>[] {
  const { columns } = bansTexts;
  const end: Record<BanState, Column<Ban>> = {
    active: { key: 'until', header: columns.until, cell: ({ until }) => <BanEnd until={until} /> },
    ended: { key: 'until', header: columns.endedAt, cell: ({ until }) => <RelativeTime at={until} /> },
    lifted: { key: 'until', header: columns.liftedAt, cell: (ban) => <BanLifted ban={ban} /> },
  };
  return [
    { key: 'kind', header: columns.kind, cell: ({ kind }) => bansTexts.kinds[kind] },
    { key: 'value', header: columns.value, isRowHeader: true, cell: (ban) => <BanValue ban={ban} /> },
    { key: 'reason', header: columns.reason, cell: ({ reason }) => <BanReason reason={reason} /> },
    { key: 'createdBy', header: columns.createdBy, cell: ({ createdBy }) => createdBy },
    { key: 'createdAt', header: columns.createdAt, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    end[state],
    { key: 'hits', header: columns.hits, align: 'end', cell: (ban) => <BanHits ban={ban} /> },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      cell: (ban) => <BanActions ban={ban} deeds={deeds} />,
    },
  ];
}

const button = { permission: 'clients:write', variant: 'default', size: 'compact-sm' } as const;

function BanActions({ ban, deeds: { onExtend, onLift, onAgain } }: { ban: Ban; deeds: BanDeeds }) {
  if (ban.state !== 'active') {
    return (
      <PermittedButton {...button} aria-label={bansTexts.againLabel(ban)} onClick={() => onAgain(ban)}>
        {bansTexts.again}
      </PermittedButton>
    );
  }
  return (
    <Group gap={4} wrap="nowrap" justify="end">
      <PermittedButton {...button} aria-label={bansTexts.changeLabel(ban)} onClick={() => onExtend(ban)}>
        {bansTexts.change}
      </PermittedButton>
      <PermittedButton {...button} aria-label={bansTexts.liftLabel(ban)} onClick={() => onLift(ban)}>
        {bansTexts.lift}
      </PermittedButton>
    </Group>
  );
}
