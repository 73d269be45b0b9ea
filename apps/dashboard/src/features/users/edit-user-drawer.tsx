import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { User } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useUpdateUser } from './queries.js';
import { usersTexts } from './texts.js';
import { draftOf, patchOf, type UserDraft } from './user-draft.js';
import { shownFields, UserFields } from './user-fields.js';
import { UserLocks } from './user-lock.js';

/** Changes what holds for a user, on live connections at once. */
export function EditUserDrawer({ user, onClose }: { user: User; onClose: () => void }) {
  const update = useUpdateUser();
  const [draft, setDraft] = useState(() => draftOf(user));
  const change = (part: Partial<UserDraft>) => setDraft((now) => ({ ...now, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(usersTexts.saved(user.username));
      onClose();
    };
    update.mutate({ path: { id: user.id }, body: patchOf(draft) }, { onSuccess });
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      title={literal(usersTexts.editTitle(user.username))}
      size={520}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <Text size="sm" c="dimmed">
            {usersTexts.liveHint}
          </Text>
          <UserLocks user={user} />
          <UserFields draft={draft} onChange={change} error={update.error} />
          <FormProblem error={update.error} shownFields={shownFields} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {uiTexts.cancel}
            </Button>
            <Button type="submit" loading={update.isPending}>
              {usersTexts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
