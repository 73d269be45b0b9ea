import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { RefusalPage } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { ChoiceTabs } from '../../shared/ui/choice-tabs.js';
import { formatCount, formatExact } from '../../shared/ui/format.js';
import { ListBody, LoadMore } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { useEngagement } from '../../shared/ui/use-engagement.js';
import { DeniedFilters } from './denied-filters.js';
import { DeniedTable } from './denied-table.js';
import { ExplanationDrawer } from './explanation-drawer.js';
import { isTooLong, refusalsList } from './queries.js';
import { type DeniedSearch, deniedTabs } from './search.js';
import { deniedTexts } from './texts.js';
import { useMutes } from './use-mutes.js';
import { useRuleNumbers } from './use-rule-numbers.js';

const route = getRouteApi('/shell/access/denied');

const noFilters = { q: undefined, client: undefined, topic: undefined, rule: undefined, action: undefined };

/** What was refused to whom and by which rule, as it happens; why, and what can be done about it. */
export function DeniedPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: DeniedSearch, replace = true) => {
    navigate({ search: (now) => ({ ...now, ...change }), replace, resetScroll: false }).catch(reportError);
  };
  const { tab = 'denied' } = search;
  const [isPaused, setPaused] = useState(false);
  const [isEngaged, setEngaged] = useState(false);
  const engagement = useEngagement(setEngaged);
  const refusals = useInfiniteQuery(refusalsList(search, { isLive: !isPaused && !isEngaged }));
  const mutes = useMutes();
  const rules = useRuleNumbers();
  const all = refusals.data?.pages.flatMap((page) => page.items);
  const rows = all?.filter(({ key }) => !mutes.isMuted(key));
  const last = refusals.data?.pages.at(0);
  const muted = (all?.length ?? 0) - (rows?.length ?? 0);
  return (
    <Page
      title={deniedTexts.title}
      aside={deniedTexts.total(formatCount(last?.total))}
      actions={
        <LiveButton
          isPaused={isPaused}
          isTooLong={isTooLong(refusals.data?.pages)}
          isStale={refusals.isError}
          isHeld={isEngaged}
          onToggle={() => setPaused(!isPaused)}
        />
      }
    >
      <ChoiceTabs
        label={deniedTexts.tabsLabel}
        words={deniedTexts.tabs}
        values={deniedTabs}
        value={tab}
        onChange={(next) => show({ ...noFilters, tab: next, entry: undefined }, false)}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {deniedTexts.explain[tab]}
          </Text>
          <DeniedFilters search={search} rules={rules} onChange={show} />
          {last && <Bounds page={last} />}
          <Panel flush>
            <ListBody query={refusals}>
              {/* An empty list has nothing that could move: what comes is to be seen. */}
              <div {...(rows !== undefined && rows.length > 0 ? engagement : {})}>
                <DeniedTable
                  rows={rows}
                  rules={rules}
                  group={search.group ?? 'entry'}
                  tab={tab}
                  isStale={refusals.isPlaceholderData}
                  isFiltered={Object.keys(noFilters).some(
                    (name) => search[name as keyof typeof noFilters] !== undefined,
                  )}
                  onClear={() => show(noFilters)}
                  onExplain={({ key }) => show({ entry: key }, false)}
                  onNarrow={(change) => show({ ...change, group: undefined }, false)}
                  onMute={mutes.mute}
                />
              </div>
              {muted > 0 && <Muted count={muted} onShow={mutes.clear} />}
              {rows !== undefined && rows.length > 0 && (
                <LoadMore query={refusals} shown={deniedTexts.shown(formatCount(rows.length))} />
              )}
            </ListBody>
          </Panel>
        </Stack>
      </ChoiceTabs>
      <ExplanationDrawer entry={search.entry} rules={rules} onClose={() => show({ entry: undefined })} />
    </Page>
  );
}

interface LiveButtonProps {
  readonly isPaused: boolean;
  /** More pages are open than are read again. */
  readonly isTooLong: boolean;
  /** The last look failed: what is shown is what was known before. */
  readonly isStale: boolean;
  /** Somebody points at a row or works in the list: it stands still. */
  readonly isHeld: boolean;
  readonly onToggle: () => void;
}

function LiveButton({ isPaused, isTooLong, isStale, isHeld, onToggle }: LiveButtonProps) {
  const state = isPaused ? 'paused' : isTooLong ? 'notLive' : isStale ? 'stale' : isHeld ? 'held' : 'live';
  const Icon = isPaused ? IconPlayerPlayFilled : IconPlayerPauseFilled;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {deniedTexts[state]}
      </Text>
      <Button variant="default" size="xs" leftSection={<Icon size={14} aria-hidden />} onClick={onToggle}>
        {isPaused ? deniedTexts.resume : deniedTexts.pause}
      </Button>
    </Group>
  );
}

/** What the figures do not hold, where that is something. */
function Bounds({ page: { summedUp, notKept, isCut, since } }: { page: RefusalPage }) {
  if (summedUp + notKept === 0 && !isCut) return null;
  return (
    <Alert color="warning" variant="light" role="status">
      {isCut && <div>{deniedTexts.rangeNote(formatExact(since))}</div>}
      {summedUp > 0 && <div>{deniedTexts.cutNote(formatCount(summedUp))}</div>}
      {notKept > 0 && <div>{deniedTexts.lostNote(formatCount(notKept))}</div>}
    </Alert>
  );
}

function Muted({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <Group gap="xs" p="sm">
      <Text size="sm" c="dimmed">
        {deniedTexts.muted(formatCount(count))}
      </Text>
      <Button variant="subtle" size="compact-sm" onClick={onShow}>
        {deniedTexts.showMuted}
      </Button>
    </Group>
  );
}
