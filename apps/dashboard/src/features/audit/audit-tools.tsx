import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../shared/api/generated/client.gen.js';
import { ChainDialog } from './chain-dialog.js';
import { RetentionDialog } from './retention-dialog.js';
import type { AuditSearch } from './search.js';
import { auditTexts } from './texts.js';

/** What can be done with the log as a whole: check it, keep a copy, say how long it is kept. */
export function AuditTools({ filter }: { filter: Omit<AuditSearch, 'entry'> }) {
  const [dialog, setDialog] = useState<'chain' | 'retention' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Button variant="default" onClick={() => setDialog('retention')}>
        {auditTexts.retention}
      </Button>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        onClick={() => setDialog('chain')}
      >
        {auditTexts.verify}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {auditTexts.export}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['ndjson', 'csv'] as const).map((format) => (
            <Menu.Item key={format} component="a" href={exportAddress(format, filter)} download={`audit.${format}`}>
              {auditTexts.formats[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'chain' && <ChainDialog onClose={close} />}
      {dialog === 'retention' && <RetentionDialog onClose={close} />}
    </>
  );
}

/** The browser fetches it itself: however long the log is, nothing of it is held here. */
function exportAddress(format: string, filter: Omit<AuditSearch, 'entry'>): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (typeof value === 'string') query.set(name, value);
  return `${client.getConfig().baseUrl ?? ''}/api/v1/audit/export?${query.toString()}`;
}
