import { Badge, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Action, Rule } from '@perch/policy';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { PolicyWho } from '../../../shared/api/generated/types.gen.js';
import { TableSkeleton } from '../../../shared/ui/data-table.js';
import { formatCount } from '../../../shared/ui/format.js';
import { TextLink } from '../../../shared/ui/links.js';
import { ErrorState } from '../../../shared/ui/states.js';
import type { PolicyContent } from '../draft.js';
import { whoOfClients } from '../queries.js';
import { TopicChip } from '../topic-chip.js';
import { RuleButton } from './rule-button.js';
import { whoTexts as texts } from './texts.js';
import classes from './who.module.css';

interface LiveClientsProps {
  readonly content: PolicyContent;
  readonly action: Action;
  readonly filter: string;
  readonly onShow: (ruleId: string) => void;
}

type Found = PolicyWho['clients'][number];

const PAUSE_MS = 400;

/** Which of the clients that have a session can reach the filter by the draft: the server's exact answer. */
export function LiveClients({ content, action, filter, onShow }: LiveClientsProps) {
  const [policy] = useDebouncedValue(content, PAUSE_MS);
  const [asked] = useDebouncedValue(filter, PAUSE_MS);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...whoOfClients(policy, { action, filter: asked }),
    placeholderData: keepPreviousData,
  });
  if (error) {
    return <ErrorState error={error} onRetry={() => refetch()} />;
  }
  if (!data) return <TableSkeleton rows={4} columns={1} />;
  const { all, part, none } = data.counts;
  const more = all + part - data.clients.length;
  return (
    <section aria-label={texts.clients} aria-busy={isPlaceholderData}>
      <Text size="sm">{texts.counts(formatCount(all), formatCount(part), formatCount(none))}</Text>
      <ul className={classes.list}>
        {data.clients.map((found) => (
          <LiveClient key={found.identity.clientId} found={found} rules={content.rules} onShow={onShow} />
        ))}
      </ul>
      {more > 0 && (
        <Text size="sm" c="dimmed">
          {texts.moreClients(formatCount(more))}
        </Text>
      )}
    </section>
  );
}

interface LiveClientProps {
  readonly found: Found;
  readonly rules: readonly Rule[];
  readonly onShow: (ruleId: string) => void;
}

function LiveClient({ found: { identity, extent, parts, hasMoreParts }, rules, onShow }: LiveClientProps) {
  return (
    <li>
      <div className={classes.head}>
        <TextLink to="/clients" search={{ c: identity.clientId }} className="perch-mono" size="sm">
          {identity.clientId}
        </TextLink>
        <Badge size="sm" variant="light" color={extent === 'all' ? 'online' : 'warning'}>
          {texts.extent[extent]}
        </Badge>
      </div>
      {parts.map(({ filter, ruleId, by, exclusions }, index) => (
        <div key={index} className={classes.cut}>
          <TopicChip topic={filter} />
          <RuleButton {...{ ruleId, by, rules, onShow }} />
          {exclusions.length > 0 && texts.except}
          {exclusions.map((exclusion) => (
            <TopicChip key={exclusion} topic={exclusion} />
          ))}
        </div>
      ))}
      {hasMoreParts && (
        <Text size="xs" c="dimmed">
          {texts.more}
        </Text>
      )}
    </li>
  );
}
