import { Drawer, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { usePermission } from '../../shared/session/session.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { CreateKeyForm } from './create-key-form.js';
import { KeyDialog, type KeyTask } from './key-dialog.js';
import { KeysTable } from './keys-table.js';
import { apiKeysList } from './queries.js';
import { apiKeysTexts } from './texts.js';

/** The keys that programs sign in with: create, rotate, revoke. */
export function ApiKeysPage() {
  const keys = useQuery(apiKeysList());
  const [isCreating, setCreating] = useState(false);
  const [task, setTask] = useState<KeyTask | null>(null);
  const open = () => setCreating(true);
  useShortcuts(usePermission('api-keys:write') ? { n: open } : {});
  const create = (
    <PermittedButton permission="api-keys:write" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {apiKeysTexts.create}
    </PermittedButton>
  );
  return (
    <Page title={apiKeysTexts.title} actions={create}>
      <Text size="sm" c="dimmed" mt={-8}>
        {apiKeysTexts.explain}
      </Text>
      <Panel flush>
        <ListBody query={keys}>
          <KeysTable rows={keys.data?.items} onTask={setTask} create={create} />
        </ListBody>
      </Panel>
      <Drawer
        opened={isCreating}
        onClose={() => setCreating(false)}
        title={apiKeysTexts.createTitle}
        size={480}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
      >
        <CreateKeyForm onClose={() => setCreating(false)} />
      </Drawer>
      <KeyDialog task={task} onClose={() => setTask(null)} />
    </Page>
  );
}
