import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './tile.module.css';

/** The page with what a tile counts. */
export type TileLink = Pick<LinkProps, 'to' | 'search'>;

interface TileProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: string;
  /** The page with what is counted here. */
  readonly link?: TileLink;
  readonly isWide?: boolean;
  /** Beside the heading: when the value was so. */
  readonly note?: string;
  readonly children?: ReactNode;
}

/** One number of the overview; a link where a page shows what it counts. */
export function Tile({ label, value, unit, link, isWide = false, note, children }: TileProps) {
  const heading = link ? (
    <Link {...link} className={classes.link}>
      {label}
    </Link>
  ) : (
    label
  );
  return (
    <section className={classes.tile} data-wide={isWide} aria-label={label}>
      <h2 className={classes.label}>{heading}</h2>
      {note !== undefined && <span className={classes.note}>{note}</span>}
      <p className={classes.value}>
        {value} {unit !== undefined && <span className={classes.unit}>{unit}</span>}
      </p>
      {children}
    </section>
  );
}

/** The two numbers of a tile that has two. */
export function TileParts({ children }: { children: ReactNode }) {
  return <span className={classes.parts}>{children}</span>;
}

/** One of two numbers in a tile: its value, its name, and its line in the chart. */
export function TilePart({ name, value, line }: { name: string; value: string; line: 'solid' | 'dashed' }) {
  return (
    <span className={classes.part} data-line={line}>
      {value} <span className={classes.partName}>{name}</span>
    </span>
  );
}
