import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { ConnectSnippets } from '../../shared/connect/connect-snippets.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { TextLink } from '../../shared/ui/links.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { usersTexts } from './texts.js';

/** What a device needs to connect. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** The client id that it has to use, or what that has to begin with; empty for any. */
  readonly clientId: string;
}

interface CreatedUserProps {
  readonly credentials: Credentials;
  readonly onAnother: () => void;
  readonly onClose: () => void;
}

/** What to do with a user that has just been made: its password this one time, how to connect, and its rights. */
export function CreatedUser({ credentials, onAnother, onClose }: CreatedUserProps) {
  const { username, password } = credentials;
  return (
    <Stack>
      <SecretOnce
        title={usersTexts.createdTitle(username)}
        hint={usersTexts.once}
        secrets={[
          { label: usersTexts.username, value: username },
          { label: usersTexts.password, value: password },
        ]}
      />
      <Title order={3} size="h5">
        {usersTexts.connectTitle}
      </Title>
      <ConnectSnippets login={credentials} />
      <OwnTopics username={username} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onAnother}>
          {usersTexts.another}
        </Button>
        <Button onClick={onClose}>{usersTexts.done}</Button>
      </Group>
    </Stack>
  );
}

/** Rules to begin with, as the editor of rules takes them when they are pasted. */
function OwnTopics({ username }: { username: string }) {
  const rules = `allow username ${username} pub toCloud/%c\nallow username ${username} sub toDevice/%c`;
  // The text of rules has its values between spaces.
  if (/\s/.test(username)) return null;
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Title order={3} size="h5">
          {usersTexts.rulesTitle}
        </Title>
        <Group gap={4}>
          <CopyButton value={rules} label={usersTexts.rulesCopy} />
          <TextLink to="/access/rules" size="sm">
            {usersTexts.rulesLink}
          </TextLink>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {usersTexts.rulesText}
      </Text>
      <Code block tabIndex={0}>
        {rules}
      </Code>
    </Stack>
  );
}
