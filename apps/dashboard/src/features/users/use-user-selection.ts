import { useState } from 'react';
import type { BulkChange, User } from '../../shared/api/generated/types.gen.js';
import type { UsersFilter } from './queries.js';

/** Which users are chosen: some, or all that the filter means. */
export interface UserSelection {
  readonly count: number;
  readonly isAll: boolean;
  readonly has: (id: string) => boolean;
  readonly choose: (users: readonly User[], isChosen: boolean) => void;
  readonly chooseAll: () => void;
  readonly clear: () => void;
  /** As the server is told. */
  readonly which: Pick<BulkChange, 'ids' | 'filter'>;
}

/** What is chosen in the list of this filter; another filter begins with nothing. */
export function useUserSelection({ q, state, label }: UsersFilter, total: number): UserSelection {
  const filter = { q, state, label };
  const key = JSON.stringify(filter);
  const [chosen, setChosen] = useState<Chosen>({ key, ids: new Set() });
  const { ids } = chosen.key === key ? chosen : { ids: new Set<string>() };
  const isAll = ids === 'all';
  return {
    isAll,
    count: isAll ? total : ids.size,
    has: (id) => isAll || ids.has(id),
    choose: (users, isChosen) => {
      const next = new Set(isAll ? [] : ids);
      for (const { id } of users) {
        if (isChosen) next.add(id);
        else next.delete(id);
      }
      setChosen({ key, ids: next });
    },
    chooseAll: () => setChosen({ key, ids: 'all' }),
    clear: () => setChosen({ key, ids: new Set() }),
    which: isAll ? { filter } : { ids: [...ids] },
  };
}

interface Chosen {
  /** The filter that they were chosen in. */
  readonly key: string;
  readonly ids: ReadonlySet<string> | 'all';
}
