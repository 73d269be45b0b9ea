import { Skeleton, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ClientDetail, ClientSession } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { EmptyState } from '../../shared/ui/states.js';
import { durableSession } from './queries.js';
import { RuleLink } from './rule-link.js';
import { clientsTexts } from './texts.js';
import { UnsubscribeDialog } from './unsubscribe-dialog.js';

const texts = clientsTexts.drawer;

type Subscription = ClientSession['subscriptions'][number];

/** What the client listens to, which rule lets it, and the way to end it. */
export function SubscriptionsTab({ client: { clientId, session, durable } }: { client: ClientDetail }) {
  if (!session && durable) return <KeptSubscriptions clientId={clientId} />;
  const title = session ? texts.noSubscriptions : texts.offlineSession;
  return <SubscriptionsTable clientId={clientId} subscriptions={session?.subscriptions ?? []} emptyTitle={title} />;
}

function KeptSubscriptions({ clientId }: { clientId: string }) {
  const session = useQuery(durableSession(clientId));
  const subscriptions = session.data?.subscriptions.map((subscription) => ({ ...subscription, exclusions: [] }));
  return (
    <ListBody query={session}>
      {subscriptions === undefined ? (
        <Skeleton height={120} />
      ) : (
        <SubscriptionsTable clientId={clientId} subscriptions={subscriptions} emptyTitle={texts.noSubscriptions} />
      )}
    </ListBody>
  );
}

interface SubscriptionsTableProps {
  readonly clientId: string;
  readonly subscriptions: readonly Subscription[];
  readonly emptyTitle: string;
}

function SubscriptionsTable({ clientId, subscriptions, emptyTitle }: SubscriptionsTableProps) {
  const [ending, setEnding] = useState<string | null>(null);
  const columns = useMemo(() => columnsFor(setEnding), []);
  return (
    <>
      <DataTable
        label={texts.subscriptions}
        columns={columns}
        rows={subscriptions}
        rowKey={({ filter }) => filter}
        empty={<EmptyState title={emptyTitle} />}
        minWidth={420}
      />
      <UnsubscribeDialog clientId={clientId} filter={ending} onClose={() => setEnding(null)} />
    </>
  );
}

function columnsFor(onEnd: (filter: string) => void): Column<Subscription>[] {
  return [
    {
      key: 'filter',
      header: texts.filter,
      isRowHeader: true,
      wraps: true,
      cell: (row) => <Filter subscription={row} />,
    },
    { key: 'qos', header: 'QoS', cell: ({ qos }) => qos },
    { key: 'rule', header: texts.allowedBy, cell: ({ ruleId }) => <RuleLink ruleId={ruleId} /> },
    {
      key: 'end',
      header: <VisuallyHidden>{clientsTexts.unsubscribe.action}</VisuallyHidden>,
      align: 'end',
      cell: ({ filter }) => (
        <PermittedButton
          permission="clients:write"
          variant="subtle"
          color="danger"
          size="compact-sm"
          aria-label={clientsTexts.unsubscribe.of(filter)}
          onClick={() => onEnd(filter)}
        >
          {clientsTexts.unsubscribe.button}
        </PermittedButton>
      ),
    },
  ];
}

function Filter({ subscription: { filter, exclusions, ...options } }: { subscription: Subscription }) {
  const notes = optionsOf(options);
  return (
    <>
      <span className="perch-mono">{literal(filter)}</span>
      {exclusions.length > 0 && (
        <Text size="xs" c="dimmed">
          {texts.except(exclusions.join(', '))}
        </Text>
      )}
      {notes !== '' && (
        <Text size="xs" c="dimmed">
          {notes}
        </Text>
      )}
    </>
  );
}

function optionsOf({ noLocal, retainAsPublished, identifiers }: Omit<Subscription, 'filter' | 'exclusions'>): string {
  const { options } = texts;
  const parts = [
    noLocal && options.noLocal,
    retainAsPublished && options.retainAsPublished,
    identifiers.length > 0 && options.identifiers(identifiers.join(', ')),
  ];
  return parts.filter((part) => part !== false).join(' · ');
}
