import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ClientDetail, ClientSession } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { TextLink } from '../../shared/ui/links.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { currentPolicy, durableSession } from './queries.js';
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
export function SubscriptionsTab({ client: { clientId, session, durable } }: { client: ClientDetail }) {
  if (!session && durable) return <KeptSubscriptions clientId={clientId} />;
  const title = session ? texts.noSubscriptions : texts.offlineSession;
  return <SubscriptionsTable subscriptions={session?.subscriptions ?? []} emptyTitle={title} />;
}

function KeptSubscriptions({ clientId }: { clientId: string }) {
  const { data, error, refetch } = useQuery(durableSession(clientId));
  if (error && !data) {
    const retry = () => {
      refetch().catch(reportError);
    };
    return <ErrorState error={error} onRetry={retry} />;
  }
  if (!data) return <Skeleton height={120} />;
  const subscriptions = data.subscriptions.map((subscription) => ({ ...subscription, exclusions: [] }));
  return <SubscriptionsTable subscriptions={subscriptions} emptyTitle={texts.noSubscriptions} />;
}

function SubscriptionsTable(props: { subscriptions: readonly Subscription[]; emptyTitle: string }) {
  return (
    <DataTable
      label={texts.subscriptions}
      columns={columns}
      rows={props.subscriptions}
      rowKey={({ filter }) => filter}
      empty={<EmptyState title={props.emptyTitle} />}
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
