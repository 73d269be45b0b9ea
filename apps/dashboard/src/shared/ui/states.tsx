import { Button, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock, type IconProps } from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../api/api-error.js';
import { TextLink } from './links.js';
import { useDocumentTitle } from './page.js';
import { uiTexts } from './texts.js';
import { Literal } from './literal.js';
import classes from './states.module.css';

interface EmptyStateProps {
  readonly icon?: ComponentType<IconProps>;
  /** What this place is and that it is empty. */
  readonly title: string;
  /** Why it is empty. */
  readonly children?: ReactNode;
  /** The one next action. */
  readonly action?: ReactNode;
  /** It is the whole page: its title is the page's heading. */
  readonly isPage?: boolean;
}

/** What a list shows when there is nothing in it: what it is, why it is empty, and the one next action. */
export function EmptyState({ icon: Icon, title, children, action, isPage = false }: EmptyStateProps) {
  useDocumentTitle(isPage ? title : null);
  return (
    <Stack align="center" gap="xs" className={classes.state}>
      {Icon !== undefined && <Icon size={28} stroke={1.5} aria-hidden className={classes.icon} />}
      {isPage ? <Title order={1}>{title}</Title> : <Text fw={600}>{title}</Text>}
      {children !== undefined && (
        <Text component="div" size="sm" c="dimmed" maw={560}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}

/** Why a panel could not be filled, what to do about it, and the number to give to whoever reads the log. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry?: () => unknown }) {
  if (error instanceof ApiError && error.status === 403) return <RefusedState error={error} />;
  const isKnown = error instanceof ApiError;
  return (
    <Stack align="center" gap="xs" className={classes.state} role="alert">
      <IconAlertTriangle size={28} stroke={1.5} aria-hidden className={classes.danger} />
      <Text fw={600}>{isKnown ? error.title : uiTexts.wentWrong}</Text>
      <Text size="sm" c="dimmed" maw={560}>
        {isKnown ? error.detail : error.message}
      </Text>
      {isKnown && error.requestId !== null && (
        <Text size="xs" c="dimmed">
          {uiTexts.requestId} <Literal>{error.requestId}</Literal>
        </Text>
      )}
      {onRetry !== undefined && (
        <Button variant="default" size="xs" onClick={onRetry}>
          {uiTexts.retry}
        </Button>
      )}
    </Stack>
  );
}

function RefusedState({ error }: { error: ApiError }) {
  return (
    <EmptyState icon={IconLock} title={error.title}>
      {error.detail}
    </EmptyState>
  );
}

/** The page of somebody whose role lacks a permission: names it, and who can grant it. */
export function ForbiddenState({ permission }: { permission: string }) {
  return (
    <EmptyState
      icon={IconLock}
      title={uiTexts.forbiddenTitle}
      action={<TextLink to="/">{uiTexts.toOverview}</TextLink>}
      isPage
    >
      {uiTexts.forbiddenText(permission)}
    </EmptyState>
  );
}

/** Shows its children only after a wait, so that fast answers do not flash a skeleton. */
export function AfterDelay({ children, delayMs = 150 }: { children: ReactNode; delayMs?: number }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return isDue ? children : null;
}
