import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useState } from 'react';
import { dropPosition } from './reorder.js';
import type { RuleActions } from './use-rule-editing.js';

interface DragParts {
  readonly row: RefObject<HTMLElement | null>;
  readonly handle: RefObject<HTMLElement | null>;
}

interface DraggedRule {
  readonly id: string;
  readonly index: number;
  readonly isEnabled: boolean;
  readonly actions: RuleActions;
}

type Half = 'upper' | 'lower';

/** What a row shows while something is dragged: itself lifted, or the line where a drop would put the rule. */
export interface DragState {
  readonly isDragged: boolean;
  readonly dropHalf: Half | null;
}

const ruleKind = 'perch-rule';

/** Lets a row be dragged by its handle, and other rows be dropped on its upper or lower half. */
export function useRuleDrag({ row, handle }: DragParts, { id, index, isEnabled, actions }: DraggedRule): DragState {
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
        getInitialData: () => ({ kind: ruleKind, id, index }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data['kind'] === ruleKind,
        onDrag: ({ source, location }) =>
          setDropHalf(source.data['id'] === id ? null : halfAt(element, location.current.input.clientY)),
        onDragLeave: () => setDropHalf(null),
        onDrop: ({ source, location }) => {
          setDropHalf(null);
          const from = Number(source.data['index']);
          actions.move(
            String(source.data['id']),
            dropPosition(from, index, halfAt(element, location.current.input.clientY)),
          );
        },
      }),
    );
  }, [row, handle, id, index, isEnabled, actions]);
  return { isDragged, dropHalf };
}

function halfAt(element: HTMLElement, clientY: number): Half {
  const { top, height } = element.getBoundingClientRect();
  return clientY < top + height / 2 ? 'upper' : 'lower';
}
