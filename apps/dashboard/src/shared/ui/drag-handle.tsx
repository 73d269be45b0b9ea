import { IconGripVertical } from '@tabler/icons-react';
import type { RefObject } from 'react';
import classes from './row-drag.module.css';

/** Where a row is taken to be dragged. For the mouse alone: each such list has keys that move its rows. */
export function DragHandle({ handle, label }: { handle: RefObject<HTMLButtonElement | null>; label: string }) {
  return (
    <button type="button" ref={handle} className={classes.handle} tabIndex={-1} aria-label={label}>
      <IconGripVertical size={14} aria-hidden />
    </button>
  );
}
