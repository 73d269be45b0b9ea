import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ImportedUser } from '@perch/policy';
import { downloadText } from '../../../shared/download.js';
import { TextLink } from '../../../shared/ui/links.js';
import { importTexts as texts } from './texts.js';
import { usersCsv } from './users-csv.js';

/** The users of a file, which this page does not import, and the way to import them. */
export function ImportUsers({ users }: { users: readonly ImportedUser[] }) {
  const ready = users.filter(({ passwordHash }) => passwordHash !== null).length;
  return (
    <Alert color="accent" variant="light" title={texts.users(users.length)}>
      <Stack gap="xs">
        <Text size="sm">{texts.usersExplain}</Text>
        {ready < users.length && <Text size="sm">{texts.withoutPassword(users.length - ready)}</Text>}
        {ready > 0 && <Text size="sm">{texts.hashes}</Text>}
        <Group gap="md">
          {ready > 0 && (
            <Button variant="default" size="xs" onClick={() => downloadText('users.csv', usersCsv(users), 'text/csv')}>
              {texts.download(ready)}
            </Button>
          )}
          <TextLink to="/access/users" search={{ new: 'import' }} target="_blank" size="sm">
            {texts.usersPage}
          </TextLink>
        </Group>
      </Stack>
    </Alert>
  );
}
