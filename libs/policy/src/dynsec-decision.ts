import { filterCovers, filterMatches } from './filter.js';
import type { Dynsec, DynsecAclKind, DynsecClient } from './read-dynamic-security.js';
import type { Action, Effect } from './rule.js';
import { isBrokerTopic } from './verdict.js';

/**
 * What Mosquitto decides: whether a client (null: one without a name) may publish to the topic; or subscribe to this one
 * topic and receive what is published there.
 */
export function dynsecDecision(
  file: Dynsec,
  client: DynsecClient | null,
  { action, topic }: { action: Action; topic: string },
): Effect {
  const names = client === null ? file.anonymous : client.roles;
  const acls = names.flatMap((name) => file.roles.find((role) => role.name === name) ?? []).map((role) => role.acls);
  const first = (...kinds: DynsecAclKind[]) => {
    for (const list of acls) {
      for (const kind of kinds) {
        const found = list.find((acl) => acl.kind === kind && MATCHES[kind](acl.topic, topic));
        if (found !== undefined) return found.allow;
      }
    }
    return null;
  };
  const isControl = topic.startsWith('$CONTROL');
  const { defaults } = file;
  if (action === 'publish') return effectOf(!isBrokerTopic(topic) && (first('send') ?? (defaults.send && !isControl)));
  const subscribes = first('literal', 'pattern') ?? (defaults.subscribe && !isControl);
  return effectOf(subscribes && (first('receive') ?? (defaults.receive && !isControl)));
}

const MATCHES: Readonly<Record<DynsecAclKind, (filter: string, topic: string) => boolean>> = {
  send: filterMatches,
  receive: filterMatches,
  literal: (filter, topic) => filter === topic,
  pattern: filterCovers,
  unsubscribe: () => false,
};

function effectOf(isAllowed: boolean): Effect {
  return isAllowed ? 'allow' : 'deny';
}
