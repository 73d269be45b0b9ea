import { Button, Drawer, Group, Input, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Ban } from '../../shared/api/generated/types.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useNow } from '../../shared/ui/use-now.js';
import { type BanDraft, blankBan, endOf, newBanOf } from './ban-draft.js';
import { PreviewNote, useBanPreview } from './ban-preview.js';
import { EndFields } from './end-fields.js';
import { useCreateBan } from './queries.js';
import { type BanKind, banKinds } from './search.js';
import { bansTexts } from './texts.js';
import { useBanNotices } from './use-ban-notices.js';

const kindOptions = banKinds.map((value) => ({ value, label: bansTexts.kinds[value] }));

interface BanDrawerProps {
  /** The kind that the form begins with; closed without one. */
  readonly kind: BanKind | undefined;
  readonly value: string;
  readonly onClose: () => void;
  /** The ban of the same, that is there already, is to be changed instead. */
  readonly onChange: (ban: Ban) => void;
}

/** The form of a new ban, with whom it would meet. */
export function BanDrawer({ kind, value, onClose, onChange }: BanDrawerProps) {
  return (
    <Drawer
      opened={kind !== undefined}
      onClose={onClose}
      title={bansTexts.addTitle}
      size={520}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {kind !== undefined && (
        <BanForm key={`${kind} ${value}`} start={blankBan(kind, value)} onClose={onClose} onChange={onChange} />
      )}
    </Drawer>
  );
}

interface BanFormProps extends Pick<BanDrawerProps, 'onClose' | 'onChange'> {
  readonly start: BanDraft;
}

function BanForm({ start, onClose, onChange }: BanFormProps) {
  const { draft, change, preview, create, canSubmit, submit } = useBanForm(start, onClose);
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TargetFields draft={draft} onChange={change} error={create.error ?? preview.error} />
        <PreviewNote preview={preview} onChange={onChange} />
        <EndFields draft={draft} onChange={change} error={fieldError(create.error, 'until')} />
        <Textarea
          label={bansTexts.reason}
          description={bansTexts.reasonHint}
          value={draft.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
          error={fieldError(create.error, 'reason')}
          maxLength={500}
          autosize
          minRows={2}
        />
        <FormProblem error={create.error} shownFields={['value', 'until', 'reason']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" color="danger" loading={create.isPending} disabled={!canSubmit}>
            {bansTexts.submit(preview.met?.online ?? 0)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What is typed, whom it would meet, and whether it can be sent. */
function useBanForm(start: BanDraft, onClose: () => void) {
  const create = useCreateBan();
  const notices = useBanNotices();
  const [draft, setDraft] = useState(start);
  const preview = useBanPreview(draft);
  const now = useNow();
  const change = (part: Partial<BanDraft>) => {
    create.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  const isRefused = preview.met !== null && (preview.met.isOwnAddress || preview.met.bannedBy !== null);
  // Whether it would lock its maker out has to be known; where that cannot be told the server decides.
  const canSubmit = draft.value !== '' && !preview.isPending && !isRefused && endOf(draft, now) !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = newBanOf(draft, serverNow());
    if (!canSubmit || body === null) return;
    const onSuccess = (ban: Awaited<ReturnType<typeof create.mutateAsync>>) => {
      notices.created(ban);
      onClose();
    };
    create.mutate({ body }, { onSuccess });
  };
  return { draft, change, preview, create, canSubmit, submit };
}

interface TargetFieldsProps {
  readonly draft: BanDraft;
  readonly onChange: (change: Partial<BanDraft>) => void;
  readonly error: Error | null;
}

function TargetFields({ draft, onChange, error }: TargetFieldsProps) {
  return (
    <>
      <Input.Wrapper label={bansTexts.kind} labelElement="div">
        <SegmentedControl
          fullWidth
          mt={4}
          aria-label={bansTexts.kind}
          data={kindOptions}
          value={draft.kind}
          onChange={(kind) => onChange({ kind: banKinds.find((one) => one === kind) })}
        />
      </Input.Wrapper>
      <TextInput
        label={bansTexts.value}
        description={bansTexts.valueHints[draft.kind]}
        value={draft.value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
        error={fieldError(error, 'value')}
        classNames={{ input: 'perch-mono' }}
        data-autofocus
        required
        withAsterisk={false}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </>
  );
}
