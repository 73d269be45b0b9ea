import { Autocomplete, Group, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ClientIdentity } from '@perch/policy';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { notifyError } from '../../../shared/ui/notify.js';
import { clientSuggestions, useReadIdentity } from '../queries.js';
import { simulatorTexts as texts } from './texts.js';

interface ClientFieldsProps {
  readonly identity: ClientIdentity;
  readonly onChange: (identity: ClientIdentity) => void;
  /** A client that is known was picked; a change of all fields where left out. */
  readonly onPick?: (identity: ClientIdentity) => void;
  /** What is wrong, by field. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** Who is judged; picking a known client fills in all of it. */
export function ClientFields({ identity, onChange, onPick = onChange, errors = {} }: ClientFieldsProps) {
  const change = (patch: Partial<ClientIdentity>) => onChange({ ...identity, ...patch });
  return (
    <>
      <ClientField
        clientId={identity.clientId}
        error={errors['client.clientId']}
        onChange={(clientId) => change({ clientId })}
        onPick={onPick}
      />
      <Group gap="sm" grow align="flex-start">
        <TextInput
          label={texts.username}
          value={identity.username ?? ''}
          onChange={(event) => change({ username: event.currentTarget.value || null })}
          {...plainText}
        />
        <TextInput
          label={texts.address}
          value={identity.address ?? ''}
          error={errors['client.address']}
          onChange={(event) => change({ address: event.currentTarget.value || null })}
          {...plainText}
        />
      </Group>
      <TagsInput
        label={texts.labels}
        placeholder={identity.labels?.length ? undefined : texts.labelsHint}
        value={[...(identity.labels ?? [])]}
        onChange={(labels) => change({ labels })}
        {...plainText}
      />
    </>
  );
}

const plainText = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const;

interface ClientFieldProps {
  readonly clientId: string;
  readonly error: string | undefined;
  readonly onChange: (clientId: string) => void;
  readonly onPick: (identity: ClientIdentity) => void;
}

function ClientField({ clientId, error, onChange, onPick }: ClientFieldProps) {
  const read = useReadIdentity();
  const [typed] = useDebouncedValue(clientId, 200);
  const { data: clients = [] } = useQuery({ ...clientSuggestions(typed), placeholderData: keepPreviousData });
  const pick = (picked: string) => {
    const client = clients.find((each) => each.clientId === picked);
    if (client) read(client).then(onPick, (reason: Error) => notifyError(texts.notRead(picked), reason));
  };
  return (
    <Autocomplete
      label={texts.client}
      placeholder={texts.clientHint}
      value={clientId}
      error={error}
      data={clients.map((client) => client.clientId)}
      filter={({ options }) => options}
      onChange={onChange}
      onOptionSubmit={pick}
      classNames={{ input: 'perch-mono', option: 'perch-mono' }}
      {...plainText}
    />
  );
}
