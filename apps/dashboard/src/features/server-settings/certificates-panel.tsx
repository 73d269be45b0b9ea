import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ServerCertificate } from '../../shared/api/generated/types.gen.js';
import { Facts } from '../../shared/ui/facts.js';
import { formatExact } from '../../shared/ui/format.js';
import { Panel } from '../../shared/ui/panel.js';
import { ErrorState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useNow } from '../../shared/ui/use-now.js';
import { certificateList } from './queries.js';
import { serverSettingsTexts } from './texts.js';

const texts = serverSettingsTexts.certificates;
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** The certificates of the listeners, and how long each still holds. */
export function CertificatesPanel() {
  const list = useQuery(certificateList());
  return (
    <Panel title={texts.title}>
      {list.error && !list.data && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeleton height={60} />}
      {list.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.none}
        </Text>
      )}
      {list.data && list.data.items.length > 0 && (
        <Stack gap="md">
          {list.data.items.map((certificate) => (
            <Certificate key={certificate.file} certificate={certificate} />
          ))}
          <Text size="xs" c="dimmed">
            {texts.reread}
          </Text>
        </Stack>
      )}
    </Panel>
  );
}

function Certificate({ certificate }: { certificate: ServerCertificate }) {
  const { file, subject, issuer, names, listeners, validUntil, problem } = certificate;
  return (
    <div>
      <Text fw={500} size="sm">
        {subject ?? file}
      </Text>
      {problem === null ? <Validity validUntil={validUntil} /> : <StatusMark kind="deny">{problem}</StatusMark>}
      <Facts
        facts={[
          [texts.names, names.join(', ')],
          [texts.issuer, issuer ?? ''],
          [texts.listeners, listeners.join(', ')],
          [texts.file, file],
        ]}
      />
    </div>
  );
}

function Validity({ validUntil }: Pick<ServerCertificate, 'validUntil'>) {
  const nowMs = useNow();
  if (validUntil === null) return null;
  const days = Math.ceil((Date.parse(validUntil) - nowMs) / DAY_MS);
  const words = `${texts.until(formatExact(validUntil))}`;
  if (days <= 0) return <StatusMark kind="deny">{`${texts.over}. ${words}`}</StatusMark>;
  if (days <= SOON_DAYS) return <StatusMark kind="warning">{`${texts.soon(days)}. ${words}`}</StatusMark>;
  return <StatusMark kind="allow">{words}</StatusMark>;
}
