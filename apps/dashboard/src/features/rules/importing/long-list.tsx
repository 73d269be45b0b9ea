import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { importTexts as texts } from './texts.js';

const ROWS_AT_ONCE = 200;

interface LongListProps<Item> {
  readonly as: 'ol' | 'ul';
  readonly className: string | undefined;
  readonly label: string;
  readonly items: readonly Item[];
  readonly show: (item: Item) => ReactNode;
}

/** A list that scrolls by itself, and shows more of itself on demand: all of a large file at once stops the browser. */
export function LongList<Item>({ as: List, className, label, items, show }: LongListProps<Item>) {
  const [limit, setLimit] = useState(ROWS_AT_ONCE);
  const left = items.length - limit;
  return (
    <>
      <List className={className} tabIndex={0} aria-label={label}>
        {items.slice(0, limit).map((item, index) => (
          <li key={index}>{show(item)}</li>
        ))}
      </List>
      {left > 0 && (
        <Button variant="default" size="compact-sm" mt="xs" onClick={() => setLimit(limit + ROWS_AT_ONCE)}>
          {texts.showMore(Math.min(left, ROWS_AT_ONCE))}
        </Button>
      )}
    </>
  );
}
