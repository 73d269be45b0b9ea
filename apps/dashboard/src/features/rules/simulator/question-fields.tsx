import { Autocomplete, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Action, ClientIdentity } from '@perch/policy';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { clientSuggestions, identityOf } from '../queries.js';
import { simulatorTexts as texts } from './texts.js';

/** Who wants what. */
export interface Question {
  readonly identity: ClientIdentity;
  readonly action: Action;
  readonly topic: string;
}

interface QuestionFieldsProps extends Question {
  readonly onChange: (question: Question) => void;
  /** What is wrong, by field. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** A client, what it wants, and where; picking a known client fills in who it is. */
export function QuestionFields({ identity, action, topic, onChange, errors = {} }: QuestionFieldsProps) {
  const change = (patch: Partial<Question>) => onChange({ identity, action, topic, ...patch });
  const changeClient = (patch: Partial<ClientIdentity>) => change({ identity: { ...identity, ...patch } });
  return (
    <>
      <ClientField identity={identity} error={errors['client.clientId']} onChange={changeClient} />
      <TextInput
        label={texts.username}
        value={identity.username ?? ''}
        onChange={(event) => changeClient({ username: event.currentTarget.value || null })}
        {...plainText}
      />
      <TextInput
        label={texts.address}
        value={identity.address ?? ''}
        error={errors['client.address']}
        onChange={(event) => changeClient({ address: event.currentTarget.value || null })}
        {...plainText}
      />
      <TagsInput
        label={texts.labels}
        description={texts.labelsHint}
        value={[...(identity.labels ?? [])]}
        onChange={(labels) => changeClient({ labels })}
        {...plainText}
      />
      <SegmentedControl
        fullWidth
        aria-label={texts.action}
        value={action}
        data={(['publish', 'subscribe'] as const).map((value) => ({ value, label: texts.actions[value] }))}
        onChange={(value) => change({ action: value })}
      />
      <TextInput
        label={texts.topic[action]}
        value={topic}
        error={errors['topic']}
        classNames={{ input: 'perch-mono' }}
        onChange={(event) => change({ topic: event.currentTarget.value })}
        {...plainText}
      />
    </>
  );
}

const plainText = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const;

interface ClientFieldProps {
  readonly identity: ClientIdentity;
  readonly error: string | undefined;
  readonly onChange: (patch: Partial<ClientIdentity>) => void;
}

/** A client id, with those that are known offered; picking one fills in the rest. */
function ClientField({ identity: { clientId }, error, onChange }: ClientFieldProps) {
  const [typed] = useDebouncedValue(clientId, 200);
  const { data: clients = [] } = useQuery({ ...clientSuggestions(typed), placeholderData: keepPreviousData });
  const pick = (picked: string) => {
    const client = clients.find((each) => each.clientId === picked);
    if (client) onChange(identityOf(client));
  };
  return (
    <Autocomplete
      label={texts.client}
      placeholder={texts.clientHint}
      value={clientId}
      error={error}
      data={clients.map((client) => client.clientId)}
      filter={({ options }) => options}
      onChange={(value) => onChange({ clientId: value })}
      onOptionSubmit={pick}
      classNames={{ input: 'perch-mono', option: 'perch-mono' }}
      {...plainText}
    />
  );
}
