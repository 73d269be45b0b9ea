import { SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type Action, reachOf, searchAccess } from '@perch/policy';
import { useDeferredValue, useMemo } from 'react';
import type { PolicyContent } from '../draft.js';
import { useSearchedClient } from '../simulator/use-searched-client.js';
import { useMinute } from '../use-minute.js';
import { useRulesSearch } from '../use-rules-search.js';
import { AccessList } from './access-list.js';
import { LiveClients } from './live-clients.js';
import { ReachFields } from './reach-fields.js';
import { ReachList } from './reach-list.js';
import { whoTexts as texts } from './texts.js';

interface WhoPanelProps {
  readonly content: PolicyContent;
  readonly onShow: (ruleId: string) => void;
}

/** The rules asked the other way round: who can reach a topic, and what a client can reach. */
export function WhoPanel({ content, onShow }: WhoPanelProps) {
  const [{ who, action = 'publish' }, change] = useRulesSearch();
  const mode = who ?? 'topic';
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        orientation="vertical"
        aria-label={texts.mode}
        value={mode}
        data={(['topic', 'client'] as const).map((value) => ({ value, label: texts.modes[value] }))}
        onChange={(value) => change({ who: value === 'client' ? value : undefined })}
      />
      <SegmentedControl
        fullWidth
        aria-label={texts.action}
        value={action}
        data={(['publish', 'subscribe'] as const).map((value) => ({ value, label: texts.actions[value] }))}
        onChange={(value) => change({ action: value === 'subscribe' ? value : undefined })}
      />
      {mode === 'topic' ? (
        <WhoCan content={content} action={action} onShow={onShow} />
      ) : (
        <WhatCan content={content} action={action} onShow={onShow} />
      )}
    </Stack>
  );
}

interface AnswerProps extends WhoPanelProps {
  readonly action: Action;
}

function WhoCan({ content, action, onShow }: AnswerProps) {
  const [{ topic = '', among }, change] = useRulesSearch();
  const asked = useDeferredValue(topic);
  const settled = useDeferredValue(content);
  const nowMs = useMinute();
  const found = useMemo(
    () => (asked === '' ? null : searchAccess(settled, { action, filter: asked, nowMs }, [])),
    [settled, action, asked, nowMs],
  );
  return (
    <>
      <TextInput
        label={texts.topic}
        description={texts.topicHint}
        value={topic}
        error={asked !== '' && found === null && texts.malformed(asked)}
        classNames={{ input: 'perch-mono' }}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => change({ topic: event.currentTarget.value || undefined })}
      />
      <SegmentedControl
        fullWidth
        aria-label={texts.among}
        value={among ?? 'rules'}
        data={(['rules', 'clients'] as const).map((value) => ({ value, label: texts.amongs[value] }))}
        onChange={(value) => change({ among: value === 'clients' ? value : undefined })}
      />
      <div aria-live="polite">
        {asked === '' && <Hint>{texts.ask.topic}</Hint>}
        {found && among !== 'clients' && (
          <AccessList title={texts.rules} found={found.rules} rules={settled.rules} onShow={onShow} />
        )}
        {found && among === 'clients' && <LiveClients content={settled} filter={asked} {...{ action, onShow }} />}
      </div>
    </>
  );
}

function WhatCan({ content, action, onShow }: AnswerProps) {
  const client = useSearchedClient();
  const settled = useDeferredValue(content);
  const nowMs = useMinute();
  const reach = useMemo(
    () => (client.identity.clientId === '' ? null : reachOf(settled, client, { action, nowMs, limit: PARTS_SHOWN })),
    [settled, client, action, nowMs],
  );
  return (
    <>
      <ReachFields />
      <div aria-live="polite">
        {reach === null ? (
          <Hint>{texts.ask.client}</Hint>
        ) : (
          <ReachList reach={reach} rules={settled.rules} onShow={onShow} />
        )}
      </div>
    </>
  );
}

const PARTS_SHOWN = 200;

function Hint({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
