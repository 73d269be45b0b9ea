import { Group, Stack, Text } from '@mantine/core';
import type { User } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatCount, formatExact, formatRelative } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useNow } from '../../shared/ui/use-now.js';
import { usersTexts } from './texts.js';
import { banAt, StateLock } from './user-lock.js';

const SOON_MS = 7 * 24 * 3_600_000;

/** The name, to copy, with what people have noted below it. */
export function Username({ user }: { user: User }) {
  return (
    <Stack gap={0}>
      <Group gap={4} wrap="nowrap">
        <Text component="span" size="sm" className="perch-mono" truncate maw={140} title={visibleText(user.username)}>
          {literal(user.username)}
        </Text>
        <CopyButton value={user.username} label={usersTexts.copyName(user.username)} />
      </Group>
      {user.note !== '' && (
        <Text size="xs" c="dimmed" fw={400} truncate maw={168} title={visibleText(user.note)}>
          {literal(user.note)}
        </Text>
      )}
    </Stack>
  );
}

/** Whether the user is let in, and until when where that is soon. */
export function UserState({ user }: { user: User }) {
  const now = useNow();
  const { validUntil, disabled } = user;
  const endsAt = validUntil === null ? null : Date.parse(validUntil);
  const isOver = endsAt !== null && endsAt <= now;
  const lock = disabled || isOver ? null : banAt(user, now);
  const isSoon = endsAt !== null && endsAt - now < SOON_MS;
  return (
    <Stack gap={0}>
      {disabled && <StatusMark kind="deny">{usersTexts.states.disabled}</StatusMark>}
      {!disabled && isOver && <StatusMark kind="deny">{usersTexts.states.expired}</StatusMark>}
      {lock && <StateLock user={user} ban={lock} />}
      {!disabled && !isOver && !lock && <StatusMark kind="allow">{usersTexts.states.active}</StatusMark>}
      {endsAt !== null && isSoon && (
        <Text size="xs" c={isOver ? 'dimmed' : 'warning'} title={formatExact(endsAt)}>
          {(isOver ? usersTexts.ended : usersTexts.ends)(formatRelative(endsAt, now))}
        </Text>
      )}
    </Stack>
  );
}

/** How many of its clients are online; leads to them. */
export function OnlineClients({ user }: { user: User }) {
  if (user.onlineClients === 0) return <>{formatCount(0)}</>;
  const count = formatCount(user.onlineClients);
  return (
    <TextLink
      to="/clients"
      search={{ username: user.username }}
      size="sm"
      aria-label={usersTexts.online(count, user.username)}
    >
      {count}
    </TextLink>
  );
}

/** When a client of the user was there last. */
export function LastSeen({ user }: { user: User }) {
  if (user.onlineClients > 0) return <>{usersTexts.onlineNow}</>;
  return <RelativeTime at={user.lastSeenAt} fallback={usersTexts.neverSeen} />;
}

/** Which client ids the user may use. */
export function Binding({ user }: { user: User }) {
  const { kind, text } = user.clientIdBinding;
  if (kind === 'any') {
    return (
      <Text component="span" size="sm" c="dimmed">
        {usersTexts.bindings.any}
      </Text>
    );
  }
  const shown = usersTexts.bindings[kind](text);
  return (
    <Text
      component="span"
      size="sm"
      className="perch-mono"
      truncate
      maw={120}
      display="block"
      title={visibleText(shown)}
    >
      {literal(shown)}
    </Text>
  );
}

/** The labels of the user. */
export function Labels({ user }: { user: User }) {
  const text = user.labels.join(', ');
  return (
    <Text component="span" size="sm" truncate maw={120} display="block" title={text}>
      {text}
    </Text>
  );
}
