import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useState } from 'react';
import { dropPosition } from './drop-position.js';
import classes from './row-drag.module.css';

interface DragParts {
  readonly row: RefObject<HTMLElement | null>;
  readonly handle: RefObject<HTMLElement | null>;
}

interface DraggedRow {
  /** Rows of one list: only those can be dropped on each other. */
  readonly list: string;
  readonly id: string;
  readonly index: number;
  readonly isEnabled: boolean;
  /** Stable; the item is to stand at `to` afterwards. */
  readonly onMove: (id: string, to: number) => void;
}

type Half = 'upper' | 'lower';

/** What the row has while something is dragged: itself lifted, or the line where a drop would put what is dragged. */
export interface DragProps {
  readonly className: string | undefined;
  readonly 'data-dragged': boolean;
  readonly 'data-drop': Half | undefined;
}

/** Lets a row be dragged by its handle, and other rows of its list be dropped on its upper or lower half. */
export function useRowDrag({ row, handle }: DragParts, { list, id, index, isEnabled, onMove }: DraggedRow): DragProps {
  const [isDragged, setDragged] = useState(false);
  const [dropHalf, setDropHalf] = useState<Half | null>(null);
  useEffect(() => {
    const element = row.current;
    const dragHandle = handle.current;
    if (!isEnabled || !element || !dragHandle) return;
    return combine(
      draggable({
        element,
        dragHandle,
        getInitialData: () => ({ list, id, index }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data['list'] === list,
        onDrag: ({ source, location }) =>
          setDropHalf(source.data['id'] === id ? null : halfAt(element, location.current.input.clientY)),
        onDragLeave: () => setDropHalf(null),
        onDrop: ({ source, location }) => {
          setDropHalf(null);
          const from = Number(source.data['index']);
          onMove(String(source.data['id']), dropPosition(from, index, halfAt(element, location.current.input.clientY)));
        },
      }),
    );
  }, [row, handle, list, id, index, isEnabled, onMove]);
  return { className: classes.row, 'data-dragged': isDragged, 'data-drop': dropHalf ?? undefined };
}

function halfAt(element: HTMLElement, clientY: number): Half {
  const { top, height } = element.getBoundingClientRect();
  return clientY < top + height / 2 ? 'upper' : 'lower';
}
