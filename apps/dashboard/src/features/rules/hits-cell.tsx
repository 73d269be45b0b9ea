import { VisuallyHidden } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { RuleHits } from '../../shared/api/generated/types.gen.js';
import { formatCount, formatExact, formatRelative, formatShort } from '../../shared/ui/format.js';
import { rulesTexts } from './texts.js';
import { useMinute } from './use-minute.js';
import classes from './rules.module.css';

const texts = rulesTexts.hits;

/** How often a rule decided in the last 24 hours, and when last: undefined is not known, null a rule that is not live. */
export function HitsCell({ hits }: { hits: RuleHits | null | undefined }) {
  const now = useMinute();
  if (hits === undefined) return <span className={classes.dim}>{formatCount(null)}</span>;
  if (hits === null) return <Told text={formatCount(null)} more={texts.unsaved} />;
  const { day, lastAt } = hits;
  if (lastAt === null) return <Told text={texts.never} more={texts.neverWhy} />;
  const last = texts.last(formatRelative(Date.parse(lastAt), now), formatExact(lastAt));
  return (
    <>
      <Told text={formatShort(day)} more={last} />
      {day > 0 && <span className={classes.hitsBar} style={{ '--hits': day } as CSSProperties} aria-hidden />}
    </>
  );
}

/** A word whose explanation shows on hover and is read out. */
function Told({ text, more }: { text: string; more: string }) {
  return (
    <span title={more}>
      {text}
      <VisuallyHidden>, {more}</VisuallyHidden>
    </span>
  );
}
