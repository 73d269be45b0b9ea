import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useDocumentTitle } from './page.js';
import classes from './gate.module.css';

/** The frame of the few pages that one sees before being signed in. */
export function Gate({ title, children, wide = false }: { title: string; children: ReactNode; wide?: boolean }) {
  useDocumentTitle(title);
  return (
    <main className={classes.gate}>
      <div className={classes.card} data-wide={wide}>
        <div className={classes.brand}>
          <img src="/favicon.svg" alt="" width={28} height={28} />
          Perch
        </div>
        <Title order={1}>{title}</Title>
        {children}
      </div>
    </main>
  );
}
