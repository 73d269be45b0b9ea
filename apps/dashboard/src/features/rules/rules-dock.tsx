import { Badge, Tabs } from '@mantine/core';
import { AccessTestPanel } from './access-test-panel.js';
import type { Draft } from './draft.js';
import { ProblemsPanel } from './problems-panel.js';
import { rulesTexts } from './texts.js';
import type { AccessTest } from './use-access-test.js';
import type { Problems } from './use-problems.js';
import { useRulesSearch } from './use-rules-search.js';
import classes from './rules.module.css';

const texts = rulesTexts.dock;

interface RulesDockProps {
  readonly test: AccessTest;
  readonly problems: Problems;
  readonly draft: Draft;
  readonly onShow: (ruleId: string) => void;
}

/** The tools beside the list: who may do what, and what is wrong with the draft. */
export function RulesDock({ test, problems, draft, onShow }: RulesDockProps) {
  const [{ tab = 'test' }, change] = useRulesSearch();
  return (
    <aside className={classes.dock} aria-label={texts.label}>
      <Tabs value={tab} onChange={(value) => change({ tab: value === 'problems' ? value : undefined })}>
        <Tabs.List>
          <Tabs.Tab value="test">{texts.test}</Tabs.Tab>
          <Tabs.Tab
            value="problems"
            rightSection={
              problems.all.length > 0 && (
                <Badge size="sm" variant="light" color={problems.errorCount > 0 ? 'danger' : 'warning'}>
                  {problems.all.length}
                </Badge>
              )
            }
          >
            {texts.problems}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="test" className={classes.dockPanel}>
          <AccessTestPanel test={test} draft={draft} onShow={onShow} />
        </Tabs.Panel>
        <Tabs.Panel value="problems" className={classes.dockPanel}>
          <ProblemsPanel problems={problems} rules={draft.content.rules} onShow={onShow} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}
