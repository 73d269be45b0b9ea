import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import type { ClientDetail, PolicyReach } from '../../shared/api/generated/types.gen.js';
import { Literal, literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { clientReach } from './queries.js';
import { RuleLink } from './rule-link.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.access;

type Part = PolicyReach['parts'][number];

/** All that the live policy lets one client do, with the rule behind each: placeholders are filled in. */
export function AccessTab({ client }: { client: ClientDetail }) {
  return (
    <Stack gap="md">
      {!client.session && !client.durable && (
        <Text size="sm" c="dimmed">
          {texts.away}
        </Text>
      )}
      <Reached client={client} action="publish" />
      <Reached client={client} action="subscribe" />
    </Stack>
  );
}

function Reached({ client, action }: { client: ClientDetail; action: 'publish' | 'subscribe' }) {
  const reach = useQuery(clientReach(client, action));
  return (
    <section aria-label={texts.may[action]}>
      <Text component="h3" size="sm" fw={600} mb={4}>
        {texts.may[action]}
      </Text>
      <ListBody query={reach}>
        {reach.data ? <Parts reach={reach.data} action={action} /> : <Skeleton height={80} />}
      </ListBody>
    </section>
  );
}

function Parts({ reach: { parts, hasMore }, action }: { reach: PolicyReach; action: 'publish' | 'subscribe' }) {
  return (
    <>
      <DataTable
        label={texts.may[action]}
        columns={columns}
        rows={parts}
        rowKey={(part) => `${part.ruleId ?? part.by} ${part.filter}`}
        minWidth={320}
        empty={
          <Text size="sm" c="dimmed">
            {texts.nothing[action]}
          </Text>
        }
      />
      {hasMore && (
        <Text size="xs" c="dimmed">
          {texts.more}
        </Text>
      )}
    </>
  );
}

const columns: readonly Column<Part>[] = [
  {
    key: 'filter',
    header: clientsTexts.drawer.filter,
    isRowHeader: true,
    wraps: true,
    cell: (part) => (
      <>
        <span className="perch-mono">{literal(part.filter)}</span>
        {part.exclusions.length > 0 && <Exclusions part={part} />}
      </>
    ),
  },
  { key: 'rule', header: clientsTexts.drawer.allowedBy, width: 130, cell: (part) => <AllowedBy part={part} /> },
];

function Exclusions({ part: { exclusions, excludedBy } }: { part: Part }) {
  return (
    <Text size="xs" c="dimmed">
      {texts.except}{' '}
      {exclusions.map((exclusion, index) => (
        <Fragment key={exclusion}>
          {index > 0 && ', '}
          <Literal>{exclusion}</Literal>
          {excludedBy[index] !== undefined && (
            <>
              {' '}
              (<RuleLink ruleId={excludedBy[index]} />)
            </>
          )}
        </Fragment>
      ))}
    </Text>
  );
}

function AllowedBy({ part: { by, ruleId } }: { part: Part }) {
  if (by === 'own-rule') return texts.ownRule;
  if (by === 'built-in') return texts.builtIn;
  return <RuleLink ruleId={ruleId} />;
}
