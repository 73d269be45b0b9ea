import { Button, Code, Group, Stack, Text } from '@mantine/core';
import type { IssuedApiKey } from '../../shared/api/generated/types.gen.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { apiKeysTexts } from './texts.js';

/** A key this one time, and how to see that it works. */
export function KeySecret({ issued, onClose }: { issued: IssuedApiKey; onClose: () => void }) {
  const { key, secret } = issued;
  const command = `curl -H "Authorization: Bearer ${secret}" ${window.location.origin}/api/v1/auth/me`;
  return (
    <Stack>
      <SecretOnce
        title={apiKeysTexts.createdTitle(key.name)}
        hint={apiKeysTexts.once}
        secrets={[{ label: apiKeysTexts.secret, value: secret }]}
      />
      <Stack gap={4}>
        <Group justify="space-between">
          <Text size="sm" fw={500}>
            {apiKeysTexts.tryIt}
          </Text>
          <CopyButton value={command} label="curl" />
        </Group>
        <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {command}
        </Code>
      </Stack>
      <Group justify="flex-end">
        <Button onClick={onClose}>{apiKeysTexts.done}</Button>
      </Group>
    </Stack>
  );
}
