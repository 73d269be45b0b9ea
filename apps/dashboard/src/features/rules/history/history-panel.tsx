import { ActionIcon, Button, Group, Menu, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconDots } from '@tabler/icons-react';
import { type Dispatch, useEffect, useRef, useState } from 'react';
import type { PolicyRevision as RevisionEntry } from '../../../shared/api/generated/types.gen.js';
import { downloadText } from '../../../shared/download.js';
import { TableSkeleton } from '../../../shared/ui/data-table.js';
import { ListBody, LoadMore } from '../../../shared/ui/list-body.js';
import { notifyDone, notifyError } from '../../../shared/ui/notify.js';
import { RelativeTime } from '../../../shared/ui/relative-time.js';
import { ErrorState } from '../../../shared/ui/states.js';
import { DiffList } from '../review/diff-list.js';
import type { Draft, DraftAction } from '../draft.js';
import { type PolicyRevision, policyRevision, policyRevisions, useReadRevision } from '../queries.js';
import { useRulesSearch } from '../use-rules-search.js';
import { historyTexts as texts } from './texts.js';
import classes from './history.module.css';

interface HistoryPanelProps {
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
  readonly isEditable: boolean;
}

/** Every revision of the rules: who made it and why, what it changed, and the way back to it. */
export function HistoryPanel({ draft, dispatch, isEditable }: HistoryPanelProps) {
  const query = useInfiniteQuery(policyRevisions());
  const [compared, setCompared] = useState<Compared | null>(null);
  const [asked, setAsked] = useState(0);
  const revisions = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const act = useRevisionActions(dispatch, (revision) => {
    setCompared({ from: Math.max(revision - 1, 1), to: revision });
    setAsked(asked + 1);
  });
  if (query.isPending) return <TableSkeleton rows={6} columns={2} />;
  return (
    <Stack gap="md">
      {compared && (
        <Comparison key={asked} latest={draft.saved.revision} onChange={setCompared} {...{ compared, draft }} />
      )}
      <ListBody query={query}>
        <ol className={classes.revisions} aria-label={texts.list}>
          {revisions.map((entry) => (
            <Revision
              key={entry.revision}
              entry={entry}
              isLive={entry.revision === draft.saved.revision}
              isEditable={isEditable}
              act={act}
            />
          ))}
        </ol>
        <LoadMore query={query} shown={texts.shown(revisions.length)} />
      </ListBody>
    </Stack>
  );
}

interface RevisionActions {
  readonly compare: (revision: number) => void;
  readonly ask: (revision: number) => void;
  readonly restore: (revision: number) => void;
  readonly download: (revision: number) => void;
}

function useRevisionActions(dispatch: Dispatch<DraftAction>, compare: (revision: number) => void): RevisionActions {
  const [, change] = useRulesSearch();
  const read = useReadRevision();
  const withRevision = (revision: number, use: (doc: PolicyRevision) => void) => {
    read(revision).then(use, (error: unknown) =>
      notifyError(texts.revision(revision), error instanceof Error ? error : new Error(String(error))),
    );
  };
  return {
    compare,
    ask: (revision) => change({ tab: 'test', against: String(revision) }),
    restore: (revision) =>
      withRevision(revision, ({ rules, settings, tests }) => {
        dispatch({ type: 'restore', content: { rules, settings, tests } });
        notifyDone(texts.restored(revision));
      }),
    download: (revision) =>
      withRevision(revision, (doc) =>
        downloadText(`perch-rules-${revision}.json`, JSON.stringify(doc, null, 2), 'application/json'),
      ),
  };
}

interface RevisionProps {
  readonly entry: RevisionEntry;
  readonly isLive: boolean;
  readonly isEditable: boolean;
  readonly act: RevisionActions;
}

function Revision({ entry, isLive, isEditable, act }: RevisionProps) {
  const { revision, author, message, createdAt } = entry;
  return (
    <li>
      <div>
        <strong>{texts.revision(revision)}</strong>
        {isLive && ` (${texts.live})`}{' '}
        <Text span size="xs" c="dimmed">
          {texts.by(author)}, <RelativeTime at={createdAt} />
        </Text>
        {message !== '' && <p>{message}</p>}
      </div>
      <Group gap={4} wrap="nowrap" flex="none">
        <Button
          variant="default"
          size="compact-sm"
          aria-label={texts.compareOf(revision)}
          onClick={() => act.compare(revision)}
        >
          {texts.compare}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={texts.menuOf(revision)}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => act.ask(revision)}>{texts.ask}</Menu.Item>
            <Menu.Item onClick={() => act.download(revision)}>{texts.download}</Menu.Item>
            {isEditable && !isLive && <Menu.Item onClick={() => act.restore(revision)}>{texts.restore}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </Group>
    </li>
  );
}

/** Which two are compared; null is the draft. */
interface Compared {
  readonly from: number;
  readonly to: number | null;
}

interface ComparisonProps {
  readonly compared: Compared;
  readonly latest: number;
  readonly draft: Draft;
  readonly onChange: (compared: Compared) => void;
}

function Comparison({ compared: { from, to }, latest, draft, onChange }: ComparisonProps) {
  const section = useRef<HTMLElement>(null);
  // It stands above the list, whose end may be far below.
  useEffect(() => section.current?.focus(), []);
  const before = useQuery(policyRevision(from));
  const after = useQuery({ ...policyRevision(to ?? latest), enabled: to !== null });
  const newer = to === null ? draft.content : after.data;
  const failed = [before, after].find(({ error }) => error !== null);
  const numbers = Array.from({ length: Math.min(latest, LISTED) }, (_, index) => latest - index);
  const choices = [...new Set([...numbers, to ?? latest, from])].map((revision) => ({
    value: String(revision),
    label: texts.revision(revision),
  }));
  return (
    <section ref={section} tabIndex={-1} aria-label={texts.differences}>
      <Group gap="xs" mb="xs" grow>
        <NativeSelect
          label={texts.from}
          value={String(from)}
          data={choices}
          onChange={(event) => onChange({ from: Number(event.currentTarget.value), to })}
        />
        <NativeSelect
          label={texts.to}
          value={to === null ? '' : String(to)}
          data={[{ value: '', label: texts.draft }, ...choices]}
          onChange={(event) => onChange({ from, to: Number(event.currentTarget.value) || null })}
        />
      </Group>
      {failed?.error && <ErrorState error={failed.error} onRetry={() => failed.refetch()} />}
      {before.data && newer && <DiffList before={before.data} after={newer} />}
    </section>
  );
}

/** Older ones are compared by their own entry in the list. */
const LISTED = 500;
