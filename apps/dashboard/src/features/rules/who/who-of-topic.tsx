import { SegmentedControl, Stack, Text } from '@mantine/core';
import { type Action, searchAccess } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { reportError } from '../../../shared/report-error.js';
import { usePermission } from '../../../shared/session/session.js';
import { TableSkeleton } from '../../../shared/ui/data-table.js';
import { ErrorState, ForbiddenState } from '../../../shared/ui/states.js';
import { livePolicy } from '../queries.js';
import { useMinute } from '../use-minute.js';
import { AccessList } from './access-list.js';
import { whoTexts as texts } from './texts.js';

/** Whom the saved rules let publish to a topic or subscribe to it. */
export function WhoOfTopic({ topic }: { topic: string }) {
  const isPermitted = usePermission('policy:read');
  return isPermitted ? <WhoMay topic={topic} /> : <ForbiddenState permission="policy:read" />;
}

function WhoMay({ topic }: { topic: string }) {
  const [action, setAction] = useState<Action>('publish');
  const { data: policy, error, refetch } = useQuery(livePolicy());
  const navigate = useNavigate();
  const nowMs = useMinute();
  const found = useMemo(
    () => (policy ? searchAccess(policy, { action, filter: topic, nowMs }, []) : null),
    [policy, action, topic, nowMs],
  );
  const retry = () => {
    refetch().catch(reportError);
  };
  if (error && !policy) return <ErrorState error={error} onRetry={retry} />;
  if (!policy) return <TableSkeleton rows={4} columns={1} />;
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={texts.action}
        value={action}
        data={(['publish', 'subscribe'] as const).map((value) => ({ value, label: texts.actions[value] }))}
        onChange={(value) => setAction(value)}
      />
      {found ? (
        <AccessList
          title={texts.savedRules}
          found={found.rules}
          rules={policy.rules}
          onShow={() => {
            navigate({ to: '/access/rules', search: { tab: 'who', topic, action } }).catch(reportError);
          }}
        />
      ) : (
        <Text size="sm">{texts.malformed(topic)}</Text>
      )}
    </Stack>
  );
}
