import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { reportError } from '../report-error.js';
import { topicChildren, type TreeOf } from './queries.js';
import { startOf, type TreeRow, treeRows } from './tree-rows.js';

/** Open branches that are kept up to date; those opened first are closed beyond it. */
const MOST_OPEN = 50;

/** The tree of topics as it is unfolded now. */
export interface TopicTree {
  readonly rows: readonly TreeRow[];
  readonly expand: (topic: string) => void;
  readonly collapse: (topic: string) => void;
  readonly error: Error | null;
  /** What is shown is not what the server would say now. */
  readonly isStale: boolean;
  readonly retry: () => void;
}

/** What is shown of the tree. */
interface TreeChoice {
  /** What topics begin with. */
  readonly find: string;
  readonly byActivity: boolean;
  readonly of: TreeOf;
}

/** Fetches each open branch, beginning with topics that begin with `find`. */
export function useTopicTree({ find, byActivity, of }: TreeChoice): TopicTree {
  const [open, setOpen] = useState<readonly string[]>([]);
  const { parent, prefix } = startOf(find);
  const results = useQueries({
    queries: [topicChildren({ parent, prefix, of }), ...open.map((topic) => topicChildren({ parent: topic, of }))],
  });
  const [root] = results;
  const rows = useMemo(() => {
    const branches = new Map(open.map((topic, index) => [topic, results[index + 1]]));
    const branchOf = (topic: string | null) => {
      const result = topic === null ? results[0] : branches.get(topic);
      return { data: result?.data, error: result?.error ?? null };
    };
    return treeRows({ branchOf, expanded: new Set(open), byActivity });
  }, [results, open, byActivity]);
  return {
    rows,
    expand: (topic) => setOpen((before) => [...before.filter((other) => other !== topic), topic].slice(-MOST_OPEN)),
    collapse: (topic) => setOpen((before) => before.filter((other) => other !== topic)),
    error: root?.data ? null : (root?.error ?? null),
    isStale: results.some(({ error, isPlaceholderData }) => error !== null || isPlaceholderData),
    retry: () => {
      for (const result of results) result.refetch().catch(reportError);
    },
  };
}
