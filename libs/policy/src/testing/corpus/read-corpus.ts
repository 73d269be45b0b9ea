import type { Action, ClientIdentity, OwnRules, Policy, Rule } from '../../rule.js';
import { aClient, aPolicy, aRule } from '../factories.js';
import type { CorpusCase, CorpusClient, CorpusGroup, CorpusRule } from './corpus-group.js';

/** A case made ready for asking. Decisions are `allow 2`, and exclusions `a/b by 1`, as they stand in the corpus. */
export interface JudgedCase {
  readonly title: string;
  readonly policy: Policy;
  readonly own: OwnRules | null;
  readonly client: ClientIdentity;
  readonly action: Action;
  readonly topic: string;
  readonly decision: string;
  readonly cuts: readonly string[];
}

/** The cases of a group. Rule ids are `1`, `2`, … and `own 1`, `own 2`, … as the corpus names them. */
export function readGroup({ rules, settings, own, cases }: CorpusGroup): JudgedCase[] {
  const policy = aPolicy(
    rules.map((rule, index) => readRule(rule, `${index + 1}`)),
    settings,
  );
  const brought = own && {
    place: own.place,
    rules: own.rules.map((rule, index) => readRule(rule, `own ${index + 1}`)),
  };
  return cases.map((each) => ({ policy, own: brought ?? null, ...readCase(each) }));
}

function readCase([who, asked, decision, ...cuts]: CorpusCase): Omit<JudgedCase, 'policy' | 'own'> {
  const [verb] = asked.split(' ', 1);
  const title = JSON.stringify([who, asked]);
  const action = verb === 'pub' ? 'publish' : 'subscribe';
  return { title, client: readClient(who), action, topic: asked.slice('pub '.length), decision, cuts };
}

function readRule(rule: CorpusRule, id: string): Rule {
  if (typeof rule !== 'string') return aRule({ ...rule, id });
  const parts =
    /^(allow|deny) (?:(everyone)|(\w+) (\S+)) +(pub|sub|pubsub) (.+?)(?: \[(off|shadow|until (.+))\])?$/.exec(rule);
  if (parts === null) throw new Error(`not a rule of the corpus: ${rule}`);
  const [, effect, everyone, subject, value = '*', access, topics = '', mark, validUntil = null] = parts;
  return aRule({
    ...{ id, value, validUntil, topics: topics.split(', ') },
    effect: effect as Rule['effect'],
    subject: (everyone ?? subject) as Rule['subject'],
    access: access as Rule['access'],
    enabled: mark !== 'off',
    mode: mark === 'shadow' ? 'shadow' : 'enforce',
  });
}

function readClient(client: CorpusClient): ClientIdentity {
  const nobody = aClient({ username: null, address: null });
  if (typeof client !== 'string') return { ...nobody, ...client };
  const [clientId = '', ...rest] = client.split(' ');
  const fields = new Map(rest.map((field) => field.split('=') as [string, string]));
  return {
    clientId,
    username: fields.get('user') ?? null,
    address: fields.get('ip') ?? null,
    ...(fields.has('labels') && { labels: fields.get('labels')?.split(',') }),
  };
}
