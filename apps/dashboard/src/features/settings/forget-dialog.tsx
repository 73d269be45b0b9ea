import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useForgetAnswers } from './queries.js';
import { settingsTexts } from './texts.js';

/** Forgets what authenticators remember, of one user name or of everybody. */
export function ForgetDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={settingsTexts.forgetTitle}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ForgetForm onClose={onClose} />
    </Modal>
  );
}

function ForgetForm({ onClose }: { onClose: () => void }) {
  const forget = useForgetAnswers();
  const [username, setUsername] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(settingsTexts.forgotten);
      onClose();
    };
    forget.mutate({ body: { username: username === '' ? null : username } }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{settingsTexts.forgetText}</Text>
        <TextInput
          label={settingsTexts.forgetUser}
          description={settingsTexts.forgetUserHint}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          data-autofocus
          autoComplete="off"
        />
        <FormProblem error={forget.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={forget.isPending}>
            {settingsTexts.forgetSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
