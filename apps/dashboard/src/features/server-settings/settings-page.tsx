import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Setting } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { TableSkeleton } from '../../shared/ui/data-table.js';
import { fieldError } from '../../shared/ui/form-problem.js';
import { TextLink } from '../../shared/ui/links.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { settingsList, useChangeSettings } from './queries.js';
import { ReviewSettings } from './review-settings.js';
import { type Section, sections } from './search.js';
import { SectionExtras } from './section-extras.js';
import { type SettingDraft, withChange } from './setting-draft.js';
import { SettingField } from './setting-field.js';
import { serverSettingsTexts as texts } from './texts.js';
import classes from './server-settings.module.css';

const route = getRouteApi('/shell/settings');

/** The settings of the server: what holds, where each comes from, and what may be changed here. */
export function SettingsPage() {
  const { section = 'general' } = route.useSearch();
  const list = useQuery(settingsList());
  const mayWrite = usePermission('settings:write');
  const change = useChangeSettings();
  const [draft, setDraft] = useState<SettingDraft>({});
  const [isReviewed, review] = useDisclosure(false);
  const settings = list.data?.items ?? [];
  const discard = () => {
    setDraft({});
    change.reset();
  };
  return (
    <Page title={texts.title} aside={mayWrite ? undefined : texts.viewerHint}>
      <div className={classes.columns}>
        <SectionList section={section} settings={settings} draft={draft} />
        <div className={classes.body}>
          <ListBody query={list}>
            {list.data ? (
              <SectionPanel
                section={section}
                settings={settings}
                draft={draft}
                error={change.error}
                onChange={(setting, value) => setDraft(withChange(draft, setting, value))}
              />
            ) : (
              <TableSkeleton columns={2} />
            )}
          </ListBody>
          <SectionExtras section={section} />
          <DraftBar draft={draft} onDiscard={discard} onReview={review.open} />
        </div>
      </div>
      <ReviewSettings
        opened={isReviewed}
        settings={settings}
        draft={draft}
        change={change}
        onClose={review.close}
        onSaved={() => {
          review.close();
          discard();
        }}
      />
    </Page>
  );
}

function DraftBar({
  draft,
  onDiscard,
  onReview,
}: {
  draft: SettingDraft;
  onDiscard: () => void;
  onReview: () => void;
}) {
  const count = Object.keys(draft).length;
  if (count === 0) return null;
  return (
    <Group gap="xs" className={classes.bar}>
      <Text size="sm" role="status" mr="auto">
        {texts.changes(count)}
      </Text>
      <Button variant="default" size="sm" onClick={onDiscard}>
        {texts.discard}
      </Button>
      <Button size="sm" onClick={onReview}>
        {texts.review}
      </Button>
    </Group>
  );
}

interface SectionListProps {
  readonly section: Section;
  readonly settings: readonly Setting[];
  readonly draft: SettingDraft;
}

function SectionList({ section, settings, draft }: SectionListProps) {
  const changed = new Set(settings.filter(({ key }) => key in draft).map((setting) => setting.section as string));
  const mayReadOperators = usePermission('operators:read');
  const mayBackUp = usePermission('backup:read');
  return (
    <nav aria-label={texts.sectionList} className={classes.sections}>
      {sections.map((each) => (
        <TextLink
          key={each}
          to="/settings"
          search={{ section: each === 'general' ? undefined : each }}
          activeOptions={{ includeSearch: true, exact: true }}
          aria-current={each === section ? 'page' : undefined}
          className={classes.section}
          underline="never"
        >
          {texts.sections[each]}
          {changed.has(each) && ` (${texts.changed})`}
        </TextLink>
      ))}
      <TextLink to="/settings/authentication" className={classes.section} underline="never">
        {texts.authenticators}
      </TextLink>
      {mayReadOperators && (
        <TextLink to="/settings/operators" className={classes.section} underline="never">
          {texts.operators}
        </TextLink>
      )}
      {mayBackUp && (
        <TextLink to="/settings/backup" className={classes.section} underline="never">
          {texts.backup}
        </TextLink>
      )}
    </nav>
  );
}

interface SectionPanelProps extends SectionListProps {
  readonly error: Error | null;
  readonly onChange: (setting: Setting, value: Setting['value']) => void;
}

function SectionPanel({ section, settings, draft, error, onChange }: SectionPanelProps) {
  const own = settings.filter((setting) => setting.section === section);
  if (own.length === 0) return null;
  return (
    <Panel title={texts.sections[section]} flush>
      {own.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          draft={draft}
          error={fieldError(error, `changes.${setting.key}`)}
          onChange={(value) => onChange(setting, value)}
        />
      ))}
    </Panel>
  );
}
