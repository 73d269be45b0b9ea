import { Button, Group, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import {
  IconCircleFilled,
  IconClockExclamation,
  IconPlayerPauseFilled,
  type IconProps,
  IconRefresh,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useLiveFeed, useLiveState } from '../../shared/live/live-context.js';
import type { LiveState, LiveStatus } from '../../shared/live/live-state.js';
import { formatCount, formatDuration, formatRate } from '../../shared/ui/format.js';
import { useLocalNow } from '../../shared/ui/use-now.js';
import { shellTexts } from './texts.js';
import classes from './live-pill.module.css';

const looks: Record<LiveStatus, { icon: ComponentType<IconProps>; tone: string }> = {
  connecting: { icon: IconRefresh, tone: 'muted' },
  live: { icon: IconCircleFilled, tone: 'online' },
  paused: { icon: IconPlayerPauseFilled, tone: 'muted' },
  reconnecting: { icon: IconRefresh, tone: 'warning' },
  stale: { icon: IconClockExclamation, tone: 'danger' },
  'signed-out': { icon: IconClockExclamation, tone: 'danger' },
};

/** How current the page is; opens to pause, resume or reconnect. */
export function LivePill() {
  const state = useLiveState();
  const now = useLocalNow();
  const { icon: Icon, tone } = looks[state.status];
  const words = pillWords(state, now);
  return (
    <Popover position="bottom-end" width={280} withArrow>
      <Popover.Target>
        <UnstyledButton className={classes.pill} data-tone={tone} aria-label={`${shellTexts.live.label}: ${words}`}>
          <Icon size={state.status === 'live' ? 10 : 14} aria-hidden />
          <span className={classes.words}>{words}</span>
          {state.status === 'live' && (
            <span className={classes.rate}>{shellTexts.live.rate(formatRate(state.ratePerSecond))}</span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={shellTexts.live.label}>
        <LiveDetails state={state} />
      </Popover.Dropdown>
    </Popover>
  );
}

function pillWords(state: LiveState, now: number): string {
  const { status, retryAt, lastLiveAt } = state;
  const words = shellTexts.live.status[status];
  if (status === 'reconnecting' && retryAt !== null && retryAt > now)
    return `${words} ${formatDuration(retryAt - now)}`;
  if (status === 'stale' && lastLiveAt !== null) return `${words} ${formatDuration(now - lastLiveAt)}`;
  return words;
}

function LiveDetails({ state }: { state: LiveState }) {
  const feed = useLiveFeed();
  const isPaused = state.status === 'paused';
  const isConnected = isPaused || state.status === 'live';
  const facts: [string, string][] = [
    [shellTexts.live.events, formatRate(state.ratePerSecond)],
    [shellTexts.live.sequence, formatCount(state.lastSeq)],
    [shellTexts.live.held, formatCount(state.held)],
  ];
  return (
    <Stack gap="sm">
      <Text size="sm">{shellTexts.live.explain[state.status]}</Text>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="perch-number">{value}</dd>
          </div>
        ))}
      </dl>
      <Group>
        {isConnected ? (
          <Button size="xs" variant="default" onClick={isPaused ? feed.resume : feed.pause}>
            {isPaused ? shellTexts.live.resume : shellTexts.live.pause}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={feed.reconnectNow}>
            {shellTexts.live.reconnect}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
