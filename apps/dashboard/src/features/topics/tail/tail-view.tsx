import { Checkbox, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { EmptyState } from '../../../shared/ui/states.js';
import { VirtualTable } from '../../../shared/ui/virtual-table.js';
import { topicsTexts } from '../texts.js';
import { jsonPath, textOfValue, valueAt } from './json-path.js';
import { documentOf } from './payload-text.js';
import { TailCells, tailColumns, type TailRow } from './tail-cells.js';
import { TailDrawer } from './tail-drawer.js';
import type { Seen, TailFeed, TailState } from './tail-feed.js';
import { TailToolbar } from './tail-toolbar.js';
import classes from '../topics.module.css';

const texts = topicsTexts.tail;

const FieldChart = lazy(() => import('./field-chart.js').then((module) => ({ default: module.FieldChart })));

interface TailViewProps {
  readonly feed: TailFeed;
  readonly state: TailState;
}

/** What was seen: a list that stands still while somebody works in it, one message, a number over time. */
export function TailView({ feed, state }: TailViewProps) {
  const [text, setText] = useState('');
  const [pathText, setPathText] = useState('');
  const [isFollowing, setFollowing] = useState(false);
  const [openId, setOpenId] = useState<number | null>(null);
  const still = useStandstill(state.rows);
  const path = useMemo(() => (pathText === '' ? null : jsonPath(pathText)), [pathText]);
  const needle = useDeferredValue(text);
  const rows = useMemo(() => still.rows.filter(holding(needle)).map(rowWith(path)), [still.rows, needle, path]);
  return (
    <Stack gap="xs">
      <TailToolbar
        rows={rows}
        isPaused={still.isPaused}
        onPause={still.pause}
        onClear={() => {
          still.go();
          feed.clear();
        }}
        text={text}
        onText={setText}
        path={pathText}
        isPath={pathText === '' || path !== null}
        onPath={setPathText}
      />
      <Group gap="md">
        <Checkbox label={texts.follow} checked={isFollowing} onChange={(e) => setFollowing(e.currentTarget.checked)} />
        {still.waiting > 0 && (
          <Text size="sm" c="accent">
            {texts.waiting(still.waiting)}
          </Text>
        )}
      </Group>
      {path !== null && path.length > 0 && (
        <Suspense>
          <FieldChart rows={still.rows} path={path} label={texts.chartLabel(pathText)} />
        </Suspense>
      )}
      {state.rows.length === 0 && state.status === 'live' && (
        <EmptyState title={texts.quietTitle}>{texts.quietText}</EmptyState>
      )}
      {state.rows.length > 0 && rows.length === 0 && <Text c="dimmed">{texts.noMatch}</Text>}
      {rows.length > 0 && (
        <VirtualTable
          label={texts.table}
          className={path === null ? classes.tailTable : `${classes.tailTable} ${classes.withField}`}
          columns={tailColumns(path !== null)}
          rows={rows}
          rowKey={(row) => String(row.id)}
          Cells={TailCells}
          onOpen={(row) => setOpenId(row.id)}
          openKey={openId === null ? null : String(openId)}
          onEngaged={(isEngaged) => !isFollowing && still.engage(isEngaged)}
        />
      )}
      <TailDrawer rows={still.rows} openId={openId} onClose={() => setOpenId(null)} />
    </Stack>
  );
}

/** Rows that stop while they are paused, or while somebody points at them or works in them. */
function useStandstill(rows: readonly Seen[]) {
  const [paused, setPaused] = useState<readonly Seen[] | null>(null);
  const [held, setHeld] = useState<readonly Seen[] | null>(null);
  const shown = paused ?? held ?? rows;
  const last = shown[0]?.id ?? 0;
  return {
    rows: shown,
    isPaused: paused !== null,
    pause: () => setPaused(paused === null ? shown : null),
    engage: (isEngaged: boolean) => setHeld(isEngaged ? shown : null),
    go: () => {
      setPaused(null);
      setHeld(null);
    },
    waiting: shown === rows ? 0 : rows.filter(({ id }) => id > last).length,
  };
}

function holding(text: string): (seen: Seen) => boolean {
  const wanted = text.toLowerCase();
  if (wanted === '') return () => true;
  return ({ message: { topic, payload, encoding } }) =>
    topic.toLowerCase().includes(wanted) || (encoding === 'utf8' && payload.toLowerCase().includes(wanted));
}

function rowWith(path: readonly string[] | null): (seen: Seen) => TailRow {
  if (path === null) return (seen) => ({ ...seen, field: null });
  return (seen) => ({ ...seen, field: textOfValue(valueAt(documentOf(seen.message), path)) });
}
