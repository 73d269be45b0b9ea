import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatCount } from '../../shared/ui/format.js';
import { PagedTable } from '../../shared/ui/paged-table.js';
import { retainedTopics } from './queries.js';
import { RetainedCells, retainedColumns } from './retained-cells.js';
import { retainedTexts as texts } from './texts.js';
import classes from './retained.module.css';

interface RetainedTableProps {
  readonly filter: string;
  /** In place of the table when nothing is retained there. */
  readonly empty: ReactNode;
  readonly openTopic?: string | null;
  readonly onOpen: (topic: string) => void;
}

/** What is retained on the topics of a filter. */
export function RetainedTable({ filter, empty, openTopic = null, onOpen }: RetainedTableProps) {
  return (
    <PagedTable
      query={useInfiniteQuery(retainedTopics(filter))}
      shown={(shown, total) => texts.shown(formatCount(shown), total === null ? null : formatCount(total))}
      empty={empty}
      label={texts.table}
      className={classes.table}
      columns={retainedColumns}
      rowKey={(row) => row.topic}
      Cells={RetainedCells}
      onOpen={(row) => onOpen(row.topic)}
      openKey={openTopic}
    />
  );
}
