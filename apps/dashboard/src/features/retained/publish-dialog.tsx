import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { RetainedMessage } from '../../shared/api/generated/types.gen.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { type MessageForm, messageFormOf, problemsOf, publicationOf } from './message-form.js';
import { jsonOf } from '../../shared/payload/payload.js';
import { publish, refreshRetained } from './queries.js';
import { PropertyFields } from './property-fields.js';
import { retainedTexts } from './texts.js';

const texts = retainedTexts.form;

interface PublishDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The message to begin from. */
  readonly message?: RetainedMessage;
}

/** Publishes one message, new or changed. */
export function PublishDialog({ opened, onClose, message }: PublishDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={message ? texts.editTitle : texts.publishTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <PublishForm message={message} onClose={onClose} />
    </Modal>
  );
}

interface PublishFormProps {
  readonly message?: RetainedMessage | undefined;
  /** Where a new message goes, to begin with. */
  readonly topic?: string;
  readonly onClose?: () => void;
}

/** One message as it is written. */
export function PublishForm({ message, topic, onClose }: PublishFormProps) {
  const [form, setForm] = useState(() => ({ ...messageFormOf(message), ...(topic !== undefined && { topic }) }));
  const [isSent, setSent] = useState(false);
  const change = (patch: Partial<MessageForm>) => setForm((before) => ({ ...before, ...patch }));
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    ...publish,
    onSuccess: async ({ delivered }) => {
      notifyDone(texts.done(delivered));
      onClose?.();
      await refreshRetained(queryClient, form.topic);
    },
  });
  const problems = problemsOf(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (Object.values(problems).every((problem) => problem === null)) mutate({ body: publicationOf(form) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label={texts.topic}
          value={form.topic}
          readOnly={message !== undefined}
          error={(isSent || form.topic !== '') && problems.topic}
          classNames={{ input: 'perch-mono' }}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-autofocus={message === undefined || undefined}
          onChange={(event) => change({ topic: event.currentTarget.value })}
        />
        <PayloadField form={form} error={problems.payload} onChange={change} isFocused={message !== undefined} />
        <DeliveryFields form={form} onChange={change} />
        <PropertyFields form={form} problems={problems} onChange={change} />
        {error && (
          <Alert color="danger" variant="light" title={texts.failed} role="alert">
            {error.message}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          {onClose && (
            <Button variant="default" onClick={onClose}>
              {uiTexts.cancel}
            </Button>
          )}
          <Button type="submit" loading={isPending}>
            {texts.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  readonly form: MessageForm;
  readonly onChange: (patch: Partial<MessageForm>) => void;
}

function PayloadField({
  form,
  error,
  isFocused,
  onChange,
}: FieldsProps & { error: string | null; isFocused: boolean }) {
  const isJson = form.encoding === 'utf8' && typeof jsonOf(form.payload) === 'object';
  const isClearing = form.retain && form.payload === '';
  return (
    <div>
      <Textarea
        label={texts.payload}
        description={isClearing ? texts.clears : undefined}
        value={form.payload}
        error={error}
        classNames={{ input: 'perch-mono' }}
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        data-autofocus={isFocused || undefined}
        onChange={(event) => onChange({ payload: event.currentTarget.value })}
      />
      <Group mt="xs" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={texts.encoding}
          value={form.encoding}
          data={(['utf8', 'base64'] as const).map((value) => ({ value, label: texts.encodings[value] }))}
          onChange={(encoding) => onChange({ encoding })}
        />
        {isJson && (
          <Text size="xs" c="online">
            ✓ {texts.isJson}
          </Text>
        )}
      </Group>
    </div>
  );
}

function DeliveryFields({ form, onChange }: FieldsProps) {
  return (
    <Group gap="lg">
      <Group gap="xs">
        <Text size="sm">{texts.qos}</Text>
        <SegmentedControl
          size="xs"
          aria-label={texts.qos}
          value={String(form.qos)}
          data={['0', '1', '2']}
          onChange={(qos) => onChange({ qos: Number(qos) as MessageForm['qos'] })}
        />
      </Group>
      <Checkbox
        label={texts.retain}
        checked={form.retain}
        onChange={(event) => onChange({ retain: event.currentTarget.checked })}
      />
    </Group>
  );
}
