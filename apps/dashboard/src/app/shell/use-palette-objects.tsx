import { useDebouncedValue, useLocalStorage } from '@mantine/hooks';
import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight';
import { IconBan, IconDevices, IconListDetails, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import {
  bansListOptions,
  clientsListOptions,
  policyGetOptions,
  usersListOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { Rule } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { shellTexts } from './texts.js';
import { visibleText } from '../../shared/ui/visible-text.js';

const texts = shellTexts.palette;
const leastLetters = 2;
const pauseMs = 150;
const mostOfAKind = 6;
const mostRecent = 6;
const icon = { size: 18, stroke: 1.7, 'aria-hidden': true } as const;

/** Something that was opened from the palette. */
interface Recent {
  readonly kind: 'client' | 'user';
  readonly name: string;
}

/** The word after a verb: of "kick dev-17" the client. */
export function termOf(query: string): string {
  return query.trim().replace(/^(kick|ban|test access as|tail messages of|copy client id|copy)\s+/i, '');
}

/** Clients, users and rules that the query names, and what was opened last. */
export function usePaletteObjects(query: string): readonly SpotlightActionGroupData[] {
  const [term] = useDebouncedValue(termOf(query), pauseMs);
  const open = useOpenObject();
  const clients = useClients(term);
  const users = useUsers(term);
  const rules = useRules(term);
  const bans = useBans(term);
  // What was found by the server is shown, whatever the label is.
  const found = (action: SpotlightActionData & { id: string }): SpotlightActionData => ({ ...action, keywords: query });
  return [
    {
      group: texts.recent,
      actions: open.recent.map(({ kind, name }) => ({
        id: `recent-${kind}-${name}`,
        label: visibleText(name),
        leftSection: kind === 'client' ? <IconDevices {...icon} /> : <IconUsers {...icon} />,
        onClick: () => open[kind](name),
      })),
    },
    {
      group: texts.clients,
      actions: clients.map((name) =>
        found({
          id: `client-${name}`,
          label: visibleText(name),
          leftSection: <IconDevices {...icon} />,
          onClick: () => open.client(name),
        }),
      ),
    },
    {
      group: texts.users,
      actions: users.map((name) =>
        found({
          id: `user-${name}`,
          label: visibleText(name),
          leftSection: <IconUsers {...icon} />,
          onClick: () => open.user(name),
        }),
      ),
    },
    {
      group: texts.rules,
      actions: rules.map(({ id, number, words }) =>
        found({
          id: `rule-${id}`,
          label: visibleText(texts.rule(number, words)),
          leftSection: <IconListDetails {...icon} />,
          onClick: () => open.rule(id),
        }),
      ),
    },
    {
      group: texts.bans,
      actions: bans.map((value) =>
        found({
          id: `ban-of-${value}`,
          label: visibleText(value),
          leftSection: <IconBan {...icon} />,
          onClick: () => open.ban(value),
        }),
      ),
    },
  ];
}

/** The clients whose id has these letters, the first of which actions are offered for. */
export function useClients(term: string): readonly string[] {
  const mayRead = usePermission('clients:read');
  const { data } = useQuery({
    ...clientsListOptions({ query: { q: term, limit: mostOfAKind } }),
    enabled: mayRead && term.length >= leastLetters,
  });
  return term.length < leastLetters ? [] : (data?.items.map(({ clientId }) => clientId) ?? []);
}

function useUsers(term: string): readonly string[] {
  const mayRead = usePermission('users:read');
  const { data } = useQuery({
    ...usersListOptions({ query: { q: term, limit: mostOfAKind } }),
    enabled: mayRead && term.length >= leastLetters,
  });
  return term.length < leastLetters ? [] : (data?.items.map(({ username }) => username) ?? []);
}

function useBans(term: string): readonly string[] {
  const mayRead = usePermission('clients:read');
  const { data } = useQuery({
    ...bansListOptions({ query: { q: term, limit: mostOfAKind } }),
    enabled: mayRead && term.length >= leastLetters,
  });
  return term.length < leastLetters ? [] : (data?.items.map(({ value }) => value) ?? []);
}

interface FoundRule {
  readonly id: string;
  readonly number: number;
  readonly words: string;
}

/** Rules by their number, or by a part of a topic. */
function useRules(term: string): readonly FoundRule[] {
  const mayRead = usePermission('policy:read');
  const number = Number(/^(?:rule\s*)?#?(\d+)$/i.exec(term)?.[1] ?? NaN);
  const isAsked = term.length >= leastLetters || number > 0;
  const { data } = useQuery({ ...policyGetOptions(), enabled: mayRead && isAsked, staleTime: 10_000 });
  if (!isAsked || !data) return [];
  const fits = (rule: Rule, index: number) =>
    index + 1 === number || (term.length >= leastLetters && rule.topics.some((topic) => topic.includes(term)));
  return data.rules
    .flatMap((rule, index) =>
      fits(rule, index) ? [{ id: rule.id, number: index + 1, words: `${rule.effect} ${rule.topics.join(', ')}` }] : [],
    )
    .slice(0, mostOfAKind);
}

/** Goes to an object, and remembers it in this browser. */
function useOpenObject() {
  const router = useRouter();
  const [recent, setRecent] = useLocalStorage<readonly Recent[]>({
    key: 'perch-recent',
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: recentOf,
  });
  const remember = (kind: Recent['kind'], name: string) => {
    const others = recent.filter((each) => each.kind !== kind || each.name !== name);
    setRecent([{ kind, name }, ...others].slice(0, mostRecent));
  };
  return {
    recent,
    client: (name: string) => {
      remember('client', name);
      router.navigate({ to: '/clients', search: { c: name } }).catch(reportError);
    },
    user: (name: string) => {
      remember('user', name);
      router.navigate({ to: '/access/users', search: { q: name } }).catch(reportError);
    },
    ban: (value: string) => {
      router.navigate({ to: '/access/bans', search: { q: value } }).catch(reportError);
    },
    rule: (id: string) => {
      router.navigate({ to: '/access/rules', search: { rule: id } }).catch(reportError);
    },
  };
}

/** What is stored may be anything. */
function recentOf(text: string | undefined): readonly Recent[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isRecent).slice(0, mostRecent) : [];
  } catch {
    // Not ours: as if there were none.
    return [];
  }
}

function isRecent(value: unknown): value is Recent {
  const { kind, name } = (value ?? {}) as Partial<Record<keyof Recent, unknown>>;
  return (kind === 'client' || kind === 'user') && typeof name === 'string';
}
