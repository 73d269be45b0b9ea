import { useCallback, useState } from 'react';
import { useSession } from '../../shared/session/session.js';
import { keepJson, readJson } from '../../shared/storage/kept-json.js';
import { type ColumnLayout, layoutOf } from './column-layout.js';

/** How to change the columns; null: as they are without a layout. */
export type ChangeColumns = (change: ((now: ColumnLayout) => ColumnLayout) | null) => void;

/** How this operator wants the columns, kept in this browser. */
export function useColumnLayout(): [ColumnLayout, ChangeColumns] {
  const key = `perch-client-columns:${useSession()?.name ?? ''}`;
  const [layout, setLayout] = useState(() => layoutOf(readJson(key)));
  const change = useCallback<ChangeColumns>(
    (next) => setLayout((now) => keep(key, next === null ? layoutOf(null) : next(now))),
    [key],
  );
  return [layout, change];
}

function keep(key: string, layout: ColumnLayout): ColumnLayout {
  keepJson(key, layout);
  return layout;
}
