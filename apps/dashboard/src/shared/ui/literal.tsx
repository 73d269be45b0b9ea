import type { ReactNode } from 'react';
import { escapeOf, piecesOf } from './visible-text.js';
import classes from './literal.module.css';

/** A name, id or topic that somebody else chose, to the letter: what could not be seen is written out and tinted. */
export function Literal({ children, className = '' }: { children: string | null | undefined; className?: string }) {
  return <span className={`perch-mono ${className}`}>{literal(children)}</span>;
}

/** The same without a style of its own; all but texts is left as it is. */
export function literal(content: ReactNode): ReactNode {
  if (typeof content !== 'string') return content;
  const pieces = piecesOf(content);
  if (pieces.length === 1) return content;
  return pieces.map((piece, index) =>
    index % 2 === 0 ? (
      piece
    ) : (
      <span key={index} className={classes.escape}>
        {escapeOf(piece)}
      </span>
    ),
  );
}
