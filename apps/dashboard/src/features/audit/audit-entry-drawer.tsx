import { Drawer, Stack, Text, Title } from '@mantine/core';
import type { AuditEntry } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { DiffView } from '../../shared/ui/diff-view.js';
import { type Fact, Facts } from '../../shared/ui/facts.js';
import { formatExact } from '../../shared/ui/format.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { AuditResult } from './audit-table.js';
import { auditTexts } from './texts.js';

/** One entry in full: who, when, from where, and what it changed. */
export function AuditEntryDrawer({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      size={640}
      title={literal(entry ? `${entry.action} ${entry.object}` : '')}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {entry && <EntryDetails entry={entry} />}
    </Drawer>
  );
}

function EntryDetails({ entry }: { entry: AuditEntry }) {
  const { columns } = auditTexts;
  const facts: Fact[] = [
    [columns.result, <AuditResult key="result" entry={entry} />],
    [columns.operator, entry.operator || uiTexts.unknown],
    [columns.at, formatExact(entry.at)],
    [
      columns.address,
      <span key="address" className="perch-mono">
        {entry.address}
      </span>,
    ],
    [
      auditTexts.requestId,
      <span key="request" className="perch-mono">
        {entry.requestId}
      </span>,
    ],
  ];
  if (entry.hash !== null) {
    facts.push([
      auditTexts.hash,
      <span key="hash" className="perch-mono">
        {entry.hash}
      </span>,
    ]);
  }
  if (entry.reason !== null) facts.push([auditTexts.reason, entry.reason]);
  const hasChanges = entry.before !== null || entry.after !== null;
  return (
    <Stack>
      <Facts facts={facts.map(([name, value]) => [name, literal(value)])} />
      <Title order={3}>{auditTexts.changes}</Title>
      {hasChanges ? (
        <DiffView label={auditTexts.changes} before={entry.before} after={entry.after} />
      ) : (
        <Text size="sm" c="dimmed">
          {auditTexts.noChanges}
        </Text>
      )}
    </Stack>
  );
}
