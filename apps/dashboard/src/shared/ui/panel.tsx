import { Group, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  readonly title?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without inner space, for tables that reach the border. */
  readonly flush?: boolean;
}

/** A bordered part of a page with its own heading. */
export function Panel({ title, actions, children, flush = false }: PanelProps) {
  const headingId = useId();
  return (
    <section className={classes.panel} aria-labelledby={title === undefined ? undefined : headingId}>
      {title !== undefined && (
        <Group justify="space-between" className={classes.heading} wrap="nowrap">
          <Title order={2} id={headingId} size="h3">
            {title}
          </Title>
          {actions}
        </Group>
      )}
      <div className={flush ? undefined : classes.body}>{children}</div>
    </section>
  );
}
