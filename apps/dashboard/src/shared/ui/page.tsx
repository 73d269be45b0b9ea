import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  /** One short line beside the title: a count, a revision. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** `narrow` for forms and reading, `wide` for tables. */
  readonly width?: 'narrow' | 'wide';
}

/** The frame of every page: its heading, its actions, and the name of the browser's tab. */
export function Page({ title, aside, actions, children, width = 'wide' }: PageProps) {
  useDocumentTitle(title);
  return (
    <div className={classes.page} data-width={width}>
      <Group justify="space-between" gap="sm" className={classes.heading}>
        <Group gap="sm" align="baseline">
          <Title order={1}>{title}</Title>
          {aside !== undefined && (
            <Text component="div" size="sm" c="dimmed">
              {aside}
            </Text>
          )}
        </Group>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}

/** Names the browser's tab after the page; null leaves it to somebody else. */
export function useDocumentTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = `${title} - Perch`;
  }, [title]);
}
