import { Alert, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { AuditReport } from '../../shared/api/generated/types.gen.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatCount, formatExact } from '../../shared/ui/format.js';
import { ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { auditReport } from './queries.js';
import { auditTexts } from './texts.js';

/** Whether the log is as it was written. */
export function ChainDialog({ onClose }: { onClose: () => void }) {
  const { data, error, isFetching, refetch } = useQuery(auditReport());
  return (
    <Modal opened onClose={onClose} title={auditTexts.verifyTitle} closeButtonProps={{ 'aria-label': uiTexts.close }}>
      <Stack>
        <Text size="sm" c="dimmed">
          {auditTexts.verifyText}
        </Text>
        {isFetching ? (
          <Text role="status">{auditTexts.verifying}</Text>
        ) : error ? (
          <ErrorState error={error} onRetry={() => refetch()} />
        ) : (
          data && <Report report={data} />
        )}
      </Stack>
    </Modal>
  );
}

function Report({ report: { entries, head, brokenAt } }: { report: AuditReport }) {
  if (brokenAt !== null) {
    return (
      <Alert
        color="danger"
        variant="light"
        role="alert"
        icon={<IconAlertTriangle aria-hidden />}
        title={auditTexts.broken}
      >
        {auditTexts.brokenAt(brokenAt.id, formatExact(brokenAt.at), formatCount(entries))}
      </Alert>
    );
  }
  return (
    <Alert
      color="online"
      variant="light"
      role="status"
      icon={<IconShieldCheck aria-hidden />}
      title={auditTexts.intact}
    >
      <Text size="sm">{auditTexts.intactText(formatCount(entries))}</Text>
      <Text size="xs" className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
        {head} <CopyButton value={head} label={auditTexts.head} />
      </Text>
    </Alert>
  );
}
