import { Input, SegmentedControl, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { fieldError } from '../../shared/ui/form-problem.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { usersLabels } from './queries.js';
import { usersTexts } from './texts.js';
import type { UserDraft } from './user-draft.js';

/** The fields of which an error is shown where it belongs. */
export const shownFields = ['clientIdBinding.text', 'connectionLimit', 'validUntil', 'note'];

interface UserFieldsProps {
  readonly draft: UserDraft;
  readonly onChange: (change: Partial<UserDraft>) => void;
  readonly error: Error | null;
}

/** What holds for whoever connects as the user. */
export function UserFields({ draft, onChange, error }: UserFieldsProps) {
  return (
    <Stack>
      <BindingFields draft={draft} onChange={onChange} error={error} />
      <ListFields draft={draft} onChange={onChange} error={error} />
      <TextInput
        label={usersTexts.connectionLimit}
        description={usersTexts.connectionLimitHint}
        type="number"
        min={1}
        max={1_000_000}
        value={draft.connectionLimit}
        onChange={(event) => onChange({ connectionLimit: event.currentTarget.value })}
        error={fieldError(error, 'connectionLimit')}
      />
      <TextInput
        label={usersTexts.validUntil}
        description={usersTexts.validUntilHint}
        type="datetime-local"
        value={draft.validUntil}
        onChange={(event) => onChange({ validUntil: event.currentTarget.value })}
        error={fieldError(error, 'validUntil')}
      />
      <Textarea
        label={usersTexts.note}
        description={usersTexts.noteHint}
        value={draft.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
        error={fieldError(error, 'note')}
        maxLength={2000}
        autosize
        minRows={2}
      />
    </Stack>
  );
}

function BindingFields({ draft, onChange, error }: UserFieldsProps) {
  const kinds = Object.entries(usersTexts.bindingKinds).map(([value, label]) => ({ value, label }));
  return (
    <Input.Wrapper
      label={usersTexts.binding}
      description={usersTexts.bindingHint}
      labelElement="div"
      error={fieldError(error, 'clientIdBinding.text')}
    >
      <SegmentedControl
        fullWidth
        mt={4}
        aria-label={usersTexts.binding}
        data={kinds}
        value={draft.bindingKind}
        onChange={(kind) => onChange({ bindingKind: kind as UserDraft['bindingKind'] })}
      />
      {draft.bindingKind !== 'any' && (
        <TextInput
          mt="xs"
          aria-label={usersTexts.bindingText}
          value={draft.bindingText}
          onChange={(event) => onChange({ bindingText: event.currentTarget.value })}
          classNames={{ input: 'perch-mono' }}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </Input.Wrapper>
  );
}

function ListFields({ draft, onChange }: UserFieldsProps) {
  const known = useQuery(usersLabels());
  const separators = [' ', ',', ';'];
  return (
    <>
      <TagsInput
        label={usersTexts.labels}
        description={usersTexts.labelsHint}
        data={known.data?.items.map(({ label }) => label) ?? []}
        value={draft.labels}
        onChange={(labels) => onChange({ labels })}
        splitChars={separators}
        acceptValueOnBlur
        clearButtonProps={{ 'aria-label': uiTexts.clear }}
      />
      <TagsInput
        label={usersTexts.addresses}
        description={usersTexts.addressesHint}
        value={draft.addresses}
        onChange={(addresses) => onChange({ addresses })}
        splitChars={separators}
        acceptValueOnBlur
        clearButtonProps={{ 'aria-label': uiTexts.clear }}
      />
    </>
  );
}
