import { Badge, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { CatchBoundary, type ErrorComponentProps } from '@tanstack/react-router';
import { type Dispatch, lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { reportError } from '../../shared/report-error.js';
import { TableSkeleton } from '../../shared/ui/data-table.js';
import { ErrorState } from '../../shared/ui/states.js';
import type { Draft, DraftAction } from './draft.js';
import { ProblemsPanel } from './problems-panel.js';
import type { ImpactPreview } from './impact/use-impact.js';
import type { DockTab, RulesSearch } from './search.js';
import { AccessTestPanel } from './simulator/access-test-panel.js';
import type { AccessTest } from './simulator/use-access-test.js';
import { TestsPanel } from './tests/tests-panel.js';
import type { TestResults } from './tests/use-test-results.js';
import { rulesTexts } from './texts.js';
import type { Problems } from './use-problems.js';
import { useRulesSearch } from './use-rules-search.js';
import classes from './rules.module.css';

const texts = rulesTexts.dock;

// What is opened now and then does not weigh on opening the page.
const WhoPanel = lazy(async () => ({ default: (await import('./who/who-panel.js')).WhoPanel }));
const ImpactPanel = lazy(async () => ({ default: (await import('./impact/impact-panel.js')).ImpactPanel }));
const ShadowPanel = lazy(async () => ({ default: (await import('./shadow/shadow-panel.js')).ShadowPanel }));
const HistoryPanel = lazy(async () => ({ default: (await import('./history/history-panel.js')).HistoryPanel }));

/** Below this width there is no room for the tools beside the list: each is a page of its own. */
const NARROW = '(max-width: 1100px)';

/** Which tool is shown, null for the list alone; and whether there is room for one of the two only. */
export function useDockTab(): { readonly tab: DockTab | null; readonly isNarrow: boolean } {
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const [search] = useRulesSearch();
  const named = search.tab === 'rules' ? null : search.tab;
  if (!isNarrow) return { tab: named ?? 'test', isNarrow };
  return { tab: named === undefined ? (isAsking(search) ? 'test' : null) : named, isNarrow };
}

/** A link with a question in it means the simulator. */
function isAsking({ client, topic }: RulesSearch): boolean {
  return client !== undefined || topic !== undefined;
}

interface RulesDockProps {
  readonly tab: DockTab | null;
  readonly test: AccessTest;
  readonly problems: Problems;
  readonly results: TestResults;
  readonly preview: ImpactPreview;
  readonly isDirty: boolean;
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
  readonly isEditable: boolean;
  readonly onShow: (ruleId: string) => void;
}

/** The tools beside the list: who may do what, what is wrong with the draft, what has to stay true. */
export function RulesDock(props: RulesDockProps) {
  const { tab, test, problems, results, preview, isDirty, draft, dispatch, isEditable, onShow } = props;
  const [, change] = useRulesSearch();
  const panels: readonly [DockTab, ReactNode][] = [
    ['test', <AccessTestPanel key="test" {...{ test, draft, dispatch, isEditable, onShow }} />],
    ['who', <WhoPanel key="who" content={draft.content} onShow={onShow} />],
    [
      'problems',
      <ProblemsPanel key="problems" rules={draft.content.rules} {...{ problems, isEditable, dispatch, onShow }} />,
    ],
    ['tests', <TestsPanel key="tests" tests={draft.content.tests} {...{ results, isEditable, dispatch }} />],
    [
      'impact',
      <ImpactPanel key="impact" isBroken={problems.errorCount > 0} {...{ preview, draft, isDirty, onShow }} />,
    ],
    [
      'shadow',
      <ShadowPanel
        key="shadow"
        isBroken={problems.errorCount > 0}
        {...{ draft, dispatch, isEditable, isDirty, onShow }}
      />,
    ],
    ['history', <HistoryPanel key="history" {...{ draft, dispatch, isEditable }} />],
  ];
  const tabs = useRef<HTMLDivElement>(null);
  // On a phone they stand in one line, wider than the screen.
  useEffect(() => {
    tabs.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab]);
  return (
    <aside className={classes.dock} aria-label={texts.label}>
      <Tabs value={tab ?? LIST} onChange={(value) => change({ tab: value as DockTab | typeof LIST })}>
        <Tabs.List ref={tabs} className={classes.dockTabs}>
          <Tabs.Tab value={LIST} className={classes.listTab}>
            {texts.list}
          </Tabs.Tab>
          {panels.map(([name]) => (
            <Tabs.Tab key={name} value={name} rightSection={<TabBadge name={name} {...props} />}>
              {texts.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {panels.map(([name, panel]) => (
          <Tabs.Panel key={name} value={name} className={classes.dockPanel}>
            <CatchBoundary getResetKey={() => tab ?? LIST} errorComponent={BrokenPanel} onCatch={reportError}>
              <Suspense fallback={<TableSkeleton rows={4} columns={1} />}>{tab === name && panel}</Suspense>
            </CatchBoundary>
          </Tabs.Panel>
        ))}
      </Tabs>
    </aside>
  );
}

/** A panel that broke, or whose program could not be loaded: the draft is kept, and the page comes back with it. */
function BrokenPanel({ error }: ErrorComponentProps) {
  return (
    <ErrorState
      error={error instanceof Error ? error : new Error(String(error))}
      onRetry={() => window.location.reload()}
    />
  );
}

/** The tab of narrow screens that leads back to the rules. */
const LIST = 'rules';

type TabBadgeProps = { readonly name: DockTab } & Pick<RulesDockProps, 'problems' | 'results' | 'preview'>;

function TabBadge({ name, problems, results, preview }: TabBadgeProps) {
  if (name === 'problems' && problems.all.length > 0) {
    return <CountBadge count={problems.all.length} isBad={problems.errorCount > 0} />;
  }
  if (name === 'tests' && results.failing.length > 0) return <CountBadge count={results.failing.length} isBad />;
  const losing = preview.impact?.clients.losing ?? 0;
  if (name === 'impact' && losing > 0) return <CountBadge count={losing} isBad={false} />;
  return null;
}

function CountBadge({ count, isBad }: { count: number; isBad: boolean }) {
  return (
    <Badge size="sm" variant="light" color={isBad ? 'danger' : 'warning'}>
      {count}
    </Badge>
  );
}
