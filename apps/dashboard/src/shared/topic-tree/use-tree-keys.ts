import { type KeyboardEvent, useRef } from 'react';
import type { NodeRow, TreeRow } from './tree-rows.js';

interface TreeKeys {
  readonly rows: readonly TreeRow[];
  readonly active: number;
  readonly moveTo: (index: number) => void;
  readonly expand: (topic: string) => void;
  readonly collapse: (topic: string) => void;
  readonly open: (row: NodeRow) => void;
}

/** Letters typed one after the other are one word, until such a pause. */
const WORD_PAUSE_MS = 700;
const PAGE = 12;

/** The keyboard of a tree: arrows move, unfold and fold; letters go to the next level that begins with them. */
export function useTreeKeys(keys: TreeKeys): (event: KeyboardEvent) => void {
  const word = useRef({ text: '', at: 0 });
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const moved = targetOf(event.key, keys);
    // Another key ends the word.
    if (moved !== null) word.current.at = Number.NEGATIVE_INFINITY;
    const target = moved ?? wordTarget(event, keys, word.current);
    if (target === null) return;
    event.preventDefault();
    if (target !== keys.active) keys.moveTo(target);
  };
}

/** Where a key leads, having done what it does; null for a key that is none of the tree's. */
function targetOf(key: string, { rows, active, expand, collapse, open }: TreeKeys): number | null {
  const row = rows[active];
  const last = rows.length - 1;
  const clamp = (index: number) => Math.min(Math.max(index, 0), last);
  switch (key) {
    case 'ArrowDown':
      return clamp(active + 1);
    case 'ArrowUp':
      return clamp(active - 1);
    case 'PageDown':
      return clamp(active + PAGE);
    case 'PageUp':
      return clamp(active - PAGE);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowRight':
      if (row?.kind !== 'node' || !row.isExpandable) return active;
      if (row.isExpanded) return clamp(active + 1);
      expand(row.node.topic);
      return active;
    case 'ArrowLeft':
      if (row?.kind === 'node' && row.isExpanded) {
        collapse(row.node.topic);
        return active;
      }
      return parentOf(rows, active);
    case 'Enter':
    case ' ':
      if (row?.kind === 'node') open(row);
      return active;
    default:
      return null;
  }
}

function parentOf(rows: readonly TreeRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0;
  for (let at = index - 1; at >= 0; at--) if ((rows[at]?.depth ?? 0) < depth) return at;
  return index;
}

function wordTarget(
  event: KeyboardEvent,
  { rows, active }: TreeKeys,
  word: { text: string; at: number },
): number | null {
  if (event.key.length !== 1 || event.key === '/' || event.key === '?') return null;
  const now = event.timeStamp;
  const isNew = now - word.at > WORD_PAUSE_MS;
  word.text = isNew ? event.key : word.text + event.key;
  word.at = now;
  const wanted = word.text.toLowerCase();
  for (let step = isNew ? 1 : 0; step <= rows.length; step++) {
    const index = (active + step) % rows.length;
    const row = rows[index];
    if (row?.kind === 'node' && row.node.level.toLowerCase().startsWith(wanted)) return index;
  }
  return active;
}
