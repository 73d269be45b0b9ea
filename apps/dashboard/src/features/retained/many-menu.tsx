import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../shared/api/generated/client.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { DeleteManyDialog } from './delete-many-dialog.js';
import { ImportDialog } from './import-dialog.js';
import { retainedTexts } from './texts.js';

const texts = retainedTexts.many;

/** What can be done with all that a filter matches at once. */
export function ManyMenu({ filter }: { filter: string }) {
  const [dialog, setDialog] = useState<'delete' | 'import' | null>(null);
  const mayRead = usePermission('messages:read');
  const mayWrite = usePermission('messages:write');
  const close = () => setDialog(null);
  if (!mayRead && !mayWrite) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            {texts.menu}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayRead && (
            <Menu.Item
              component="a"
              href={exportAddress(filter)}
              download="retained.ndjson"
              title={texts.exportHint}
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              {texts.export}
            </Menu.Item>
          )}
          {mayWrite && (
            <Menu.Item leftSection={<IconUpload size={14} aria-hidden />} onClick={() => setDialog('import')}>
              {texts.import}
            </Menu.Item>
          )}
          {mayWrite && (
            <Menu.Item
              color="danger"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => setDialog('delete')}
            >
              {texts.delete}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <DeleteManyDialog filter={filter} opened={dialog === 'delete'} onClose={close} />
      <ImportDialog opened={dialog === 'import'} onClose={close} />
    </>
  );
}

/** The browser fetches it itself: however much it is, nothing of it is held here. */
function exportAddress(filter: string): string {
  return `${client.getConfig().baseUrl ?? ''}/api/v1/retained/export?${new URLSearchParams({ filter }).toString()}`;
}
