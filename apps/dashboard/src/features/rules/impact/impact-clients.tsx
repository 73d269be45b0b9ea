import { Text } from '@mantine/core';
import type { PolicyImpact } from '../../../shared/api/generated/types.gen.js';
import { TextLink } from '../../../shared/ui/links.js';
import type { Draft } from '../draft.js';
import { ExplainLink } from '../simulator/explain-link.js';
import { TopicChip } from '../topic-chip.js';
import { impactTexts as texts } from './texts.js';
import classes from './impact.module.css';

type Affected = PolicyImpact['losing'][number];
type Change = Affected['changes'][number];

interface ImpactClientsProps {
  readonly clients: readonly Affected[];
  readonly total: number;
  readonly view: 'losing' | 'gaining';
  readonly draft: Draft;
}

const CHANGES_SHOWN = 5;

/** Client by client: what changes, decided by which rule before and after. */
export function ImpactClients({ clients, total, view, draft }: ImpactClientsProps) {
  if (clients.length === 0) return <Text size="sm">{texts.nobody[view]}</Text>;
  return (
    <>
      <ul className={classes.clients} aria-label={texts.views[view]}>
        {clients.map((client) => (
          <li key={client.identity.clientId}>
            <TextLink to="/clients" search={{ c: client.identity.clientId }} className="perch-mono" size="sm">
              {client.identity.clientId}
            </TextLink>
            {client.changes.slice(0, CHANGES_SHOWN).map((change, index) => (
              <ChangeLine key={index} change={change} client={client} draft={draft} />
            ))}
            {client.count > CHANGES_SHOWN && (
              <Text size="xs" c="dimmed">
                {texts.more(client.count - CHANGES_SHOWN)}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {total > clients.length && (
        <Text size="sm" c="dimmed">
          {texts.more(total - clients.length)}
        </Text>
      )}
    </>
  );
}

function ChangeLine({ change, client, draft }: { change: Change; client: Affected; draft: Draft }) {
  const { subject, kind, topic, before, after, excluded, readmitted } = change;
  return (
    <div className={classes.change}>
      <span data-kind={kind}>{texts.kinds[kind]}</span> {texts.subjects[subject]} <TopicChip topic={topic} />
      <span className={classes.dim}>
        {ruleName(draft.saved, before)} → {ruleName(draft.content, after)}
      </span>
      {excluded.length > 0 && <span>{texts.except(excluded.join(', '))}</span>}
      {readmitted.length > 0 && <span>{texts.again(readmitted.join(', '))}</span>}
      <ExplainLink
        identity={client.identity}
        action={subject === 'subscription' ? 'subscribe' : 'publish'}
        topic={topic}
      />
    </div>
  );
}

function ruleName({ rules }: Draft['content'], ruleId: string | null): string {
  if (ruleId === null) return texts.default;
  const index = rules.findIndex(({ id }) => id === ruleId);
  return index < 0 ? texts.gone : texts.rule(index + 1);
}
