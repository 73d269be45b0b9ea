import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { literal } from './literal.js';
import { uiTexts } from './texts.js';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** The verb on the button: "Delete user". */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly isPending?: boolean;
  readonly error?: Error | null;
  /** The name that has to be typed before the button works. */
  readonly typedName?: string;
}

/** Asks before something that cannot be taken back, naming the object. */
export function ConfirmDialog({ opened, title, onClose, ...rest }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={literal(title)} closeButtonProps={{ 'aria-label': uiTexts.close }}>
      <ConfirmForm onClose={onClose} {...rest} />
    </Modal>
  );
}

function ConfirmForm(props: Omit<ConfirmDialogProps, 'opened' | 'title'>) {
  const { children, action, onConfirm, onClose, isPending = false, error, typedName } = props;
  const [typed, setTyped] = useState('');
  const isReady = typedName === undefined || typed === typedName;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) onConfirm();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text component="div" size="md">
          {literal(children)}
        </Text>
        {typedName !== undefined && (
          <TextInput
            label={literal(uiTexts.typeToConfirm(typedName))}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {error !== null && error !== undefined && (
          <Text size="sm" c="danger" role="alert">
            {literal(error.message)}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" color="danger" loading={isPending} disabled={!isReady}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
