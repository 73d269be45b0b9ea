import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ClientSession } from '../../shared/api/generated/types.gen.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { TextLink } from '../../shared/ui/links.js';
import { EmptyState } from '../../shared/ui/states.js';
import { currentPolicy } from './queries.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.drawer;

type Subscription = ClientSession['subscriptions'][number];

const columns: readonly Column<Subscription>[] = [
  {
    key: 'filter',
    header: texts.filter,
    isRowHeader: true,
    cell: ({ filter, exclusions }) => (
      <>
        <span className="perch-mono">{filter}</span>
        {exclusions.length > 0 && (
          <Text size="xs" c="dimmed">
            {texts.except(exclusions.join(', '))}
          </Text>
        )}
      </>
    ),
  },
  { key: 'qos', header: 'QoS', cell: ({ qos }) => qos },
  { key: 'rule', header: texts.allowedBy, cell: ({ ruleId }) => <RuleLink ruleId={ruleId} /> },
];

/** What the client listens to, and which rule lets it. */
export function SubscriptionsTab({ session }: { session: ClientSession | null }) {
  return (
    <DataTable
      label={texts.subscriptions}
      columns={columns}
      rows={session?.subscriptions ?? []}
      rowKey={({ filter }) => filter}
      empty={<EmptyState title={session ? texts.noSubscriptions : texts.offlineSession} />}
      minWidth={320}
    />
  );
}

function RuleLink({ ruleId }: { ruleId: string | null }) {
  const { data: policy } = useQuery(currentPolicy());
  if (ruleId === null) return texts.byDefault;
  const position = policy ? policy.rules.findIndex((rule) => rule.id === ruleId) + 1 : 0;
  return (
    <TextLink size="sm" to="/access/rules" search={{ rule: ruleId }}>
      {position > 0 ? texts.ruleAt(position) : texts.rule(ruleId)}
    </TextLink>
  );
}
