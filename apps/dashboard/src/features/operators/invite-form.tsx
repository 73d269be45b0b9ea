import { Button, Group, Stack, Text } from '@mantine/core';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { NewOperatorForm } from './new-operator-form.js';
import { useInvite } from './queries.js';
import { operatorsTexts } from './texts.js';

const shownFields = ['name'];

/** Invites somebody; afterwards the link, this one time. */
export function InviteForm({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  if (invite.data) {
    const { invitation, path } = invite.data;
    return (
      <Stack>
        <SecretOnce
          title={operatorsTexts.invited(invitation.name)}
          hint={operatorsTexts.inviteHint}
          secrets={[{ label: operatorsTexts.link, value: `${window.location.origin}${path}` }]}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{operatorsTexts.done}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <NewOperatorForm
      intro={
        <Text size="sm" c="dimmed">
          {operatorsTexts.inviteText}
        </Text>
      }
      shownFields={shownFields}
      request={invite}
      action={operatorsTexts.inviteSubmit}
      onSubmit={(body) => invite.mutate({ body })}
      onClose={onClose}
    />
  );
}
