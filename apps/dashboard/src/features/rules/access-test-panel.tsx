import { Autocomplete, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { AccessAnswer } from './access-answer.js';
import type { Draft } from './draft.js';
import { clientSuggestions } from './queries.js';
import { rulesTexts } from './texts.js';
import type { AccessTest } from './use-access-test.js';
import { useRulesSearch } from './use-rules-search.js';

const texts = rulesTexts.test;

interface AccessTestPanelProps {
  readonly test: AccessTest;
  readonly draft: Draft;
  readonly onShow: (ruleId: string) => void;
}

/** Who wants what, and which rule decides: judged here in the browser by the engine that the broker uses. */
export function AccessTestPanel({ test, draft, onShow }: AccessTestPanelProps) {
  const [, change] = useRulesSearch();
  const { question, against } = test;
  const { identity, action, topic } = question;
  return (
    <Stack gap="sm">
      <ClientField value={identity.clientId} />
      <TextInput
        label={texts.username}
        value={identity.username ?? ''}
        onChange={(event) => change({ username: event.currentTarget.value || undefined })}
        {...plainText}
      />
      <TextInput
        label={texts.address}
        value={identity.address ?? ''}
        onChange={(event) => change({ address: event.currentTarget.value || undefined })}
        {...plainText}
      />
      <SegmentedControl
        fullWidth
        aria-label={texts.action}
        value={action}
        data={(['publish', 'subscribe'] as const).map((value) => ({ value, label: texts.actions[value] }))}
        onChange={(value) => change({ action: value === 'subscribe' ? value : undefined })}
      />
      <TextInput
        label={texts.topic[action]}
        value={topic}
        classNames={{ input: 'perch-mono' }}
        onChange={(event) => change({ topic: event.currentTarget.value || undefined })}
        {...plainText}
      />
      <SegmentedControl
        fullWidth
        aria-label={texts.against}
        value={against}
        data={(['draft', 'saved'] as const).map((value) => ({ value, label: texts[value] }))}
        onChange={(value) => change({ against: value === 'saved' ? value : undefined })}
      />
      <div aria-live="polite">
        {test.answer ? (
          <AccessAnswer
            test={test}
            answer={test.answer}
            rules={against === 'draft' ? draft.content : draft.saved}
            onShow={onShow}
          />
        ) : (
          <Text size="sm" c="dimmed">
            {texts.ask}
          </Text>
        )}
      </div>
    </Stack>
  );
}

const plainText = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const;

/** A client id, with those that are known offered; picking one fills in its user and address. */
function ClientField({ value }: { value: string }) {
  const [, change] = useRulesSearch();
  const [typed] = useDebouncedValue(value, 200);
  const { data: clients = [] } = useQuery({ ...clientSuggestions(typed), placeholderData: keepPreviousData });
  const pick = (clientId: string) => {
    const client = clients.find((each) => each.clientId === clientId);
    if (!client) return;
    change({ client: clientId, username: client.username ?? undefined, address: client.address ?? undefined });
  };
  return (
    <Autocomplete
      label={texts.client}
      placeholder={texts.clientHint}
      value={value}
      data={clients.map((client) => client.clientId)}
      filter={({ options }) => options}
      onChange={(client) => change({ client: client || undefined })}
      onOptionSubmit={pick}
      classNames={{ input: 'perch-mono', option: 'perch-mono' }}
      {...plainText}
    />
  );
}
