import { Alert, Group, Stack, Text } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { LoginBan, User } from '../../shared/api/generated/types.gen.js';
import { formatDuration, formatExact, formatRelative } from '../../shared/ui/format.js';
import { literal } from '../../shared/ui/literal.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useNow } from '../../shared/ui/use-now.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { userLoginBans, userNow } from './queries.js';
import { usersTexts } from './texts.js';
import { type UserBan, useLocks } from './use-locks.js';

const { lock: texts } = usersTexts;

/** What keeps the user out everywhere at this moment, or null. */
export function banAt({ ban }: User, nowMs: number): UserBan | null {
  return ban !== null && (ban.until === null || Date.parse(ban.until) > nowMs) ? ban : null;
}

/** That a user is locked: why, for how long still, and the way out. */
export function StateLock({ user, ban }: { user: User; ban: UserBan }) {
  const now = useNow();
  const story = [texts.title(formatRelative(Date.parse(ban.createdAt), now)), leftOf(ban.until, now), whyOf(ban)];
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <StatusMark kind="deny">{usersTexts.states.locked}</StatusMark>
        <LiftButton user={user} ban={ban} />
      </Group>
      <Text size="xs" c="dimmed" truncate maw={180} title={visibleText(story.join(', '))}>
        {literal(story.slice(1).join(', '))}
      </Text>
    </>
  );
}

/** Everything that keeps one user out: everywhere, and at some addresses. */
export function UserLocks({ user: known }: { user: User }) {
  const now = useNow();
  const { data: user } = useQuery(userNow(known));
  const loginBans = useQuery(userLoginBans(known.id));
  const ban = banAt(user, now);
  return (
    <>
      {ban && (
        <Alert
          color="danger"
          variant="light"
          icon={<IconBan size={16} aria-hidden />}
          title={texts.title(formatRelative(Date.parse(ban.createdAt), now))}
        >
          <Stack gap={6} align="start">
            <Text size="sm">{texts.text}</Text>
            <Text size="sm" title={ban.until === null ? undefined : formatExact(ban.until)}>
              {literal(`${leftOf(ban.until, now)}, ${whyOf(ban)}`)}
            </Text>
            <LiftButton user={user} ban={ban} />
          </Stack>
        </Alert>
      )}
      {loginBans.data?.items
        .filter(({ until }) => Date.parse(until) > now)
        .map((loginBan) => (
          <LockFrom key={loginBan.address} user={user} ban={loginBan} />
        ))}
      {loginBans.isError && (
        <Text size="sm" c="dimmed">
          {texts.unknown}
        </Text>
      )}
    </>
  );
}

function LiftButton({ user, ban }: { user: User; ban: UserBan }) {
  const locks = useLocks();
  return (
    <PermittedButton
      permission="clients:write"
      variant="default"
      size="compact-xs"
      aria-label={texts.liftLabel(user.username)}
      onClick={() => locks.lift(user, ban)}
    >
      {texts.lift}
    </PermittedButton>
  );
}

function LockFrom({ user, ban }: { user: User; ban: LoginBan }) {
  const now = useNow();
  const locks = useLocks();
  return (
    <Alert color="warning" variant="light" icon={<IconBan size={16} aria-hidden />} title={texts.from(ban.address)}>
      <Stack gap={6} align="start">
        <Text size="sm">{texts.fromText(formatRelative(Date.parse(ban.since), now))}</Text>
        <Text size="sm" title={formatExact(ban.until)}>
          {leftOf(ban.until, now)}
        </Text>
        <PermittedButton
          permission="users:write"
          variant="default"
          size="compact-xs"
          aria-label={texts.liftFromLabel(user.username, ban.address)}
          onClick={() => locks.liftFrom(user, ban)}
        >
          {texts.lift}
        </PermittedButton>
      </Stack>
    </Alert>
  );
}

function leftOf(until: string | null, nowMs: number): string {
  return until === null ? texts.forEver : texts.until(formatDuration(Date.parse(until) - nowMs));
}

function whyOf({ createdBy, reason }: UserBan): string {
  return `${texts.by(createdBy)}: ${reason || texts.noReason}`;
}
