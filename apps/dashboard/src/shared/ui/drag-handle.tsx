import { IconGripVertical } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { RowButton } from './row-button.js';

/** Where a row is taken to be dragged. For the mouse alone: each such list has keys that move its rows. */
export function DragHandle({ handle, label }: { handle: RefObject<HTMLButtonElement | null>; label: string }) {
  return (
    <RowButton ref={handle} tabIndex={-1} aria-label={label} style={{ cursor: 'grab' }}>
      <IconGripVertical size={14} aria-hidden />
    </RowButton>
  );
}
