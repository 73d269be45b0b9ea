import { useCallback, useState } from 'react';
import { useSession } from '../../shared/session/session.js';
import { type ColumnLayout, layoutOf } from './column-layout.js';

/** How to change the columns; null: as they are without a layout. */
export type ChangeColumns = (change: ((now: ColumnLayout) => ColumnLayout) | null) => void;

/** How this operator wants the columns, kept in this browser. */
export function useColumnLayout(): [ColumnLayout, ChangeColumns] {
  const key = `perch-client-columns:${useSession()?.name ?? ''}`;
  const [layout, setLayout] = useState(() => read(key));
  const change = useCallback<ChangeColumns>(
    (next) => setLayout((now) => keep(key, next === null ? layoutOf(null) : next(now))),
    [key],
  );
  return [layout, change];
}

function read(key: string): ColumnLayout {
  try {
    return layoutOf(JSON.parse(localStorage.getItem(key) ?? 'null'));
  } catch {
    return layoutOf(null);
  }
}

function keep(key: string, layout: ColumnLayout): ColumnLayout {
  try {
    localStorage.setItem(key, JSON.stringify(layout));
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
  return layout;
}
