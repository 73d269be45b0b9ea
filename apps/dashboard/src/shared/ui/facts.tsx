import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** A name and what it is. */
export type Fact = readonly [name: string, value: ReactNode];

/** What is known of something, a line each. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
