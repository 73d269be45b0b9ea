import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { reportError } from '../report-error.js';
import { topicChildren, type TreeOf } from './queries.js';
import { startOf, type TreeRow, treeRows } from './tree-rows.js';
import { hasRate, MOST_RATES, type Rates, useTopicRates } from './use-topic-rates.js';

/** Open branches that are kept up to date; those opened first are closed beyond it. */
const MOST_OPEN = 50;

/** Where there are too many topics to ask about all their rates, those of so many rows around what is seen. */
const PART = 200;

/** The tree of topics as it is unfolded now. */
export interface TopicTree {
  readonly rows: readonly TreeRow[];
  /** How fast messages come, of all topics that are unfolded, or else of those that are seen. */
  readonly rates: Rates;
  /** Told which row is the first that is seen. */
  readonly show: (first: number) => void;
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
  const rowsBy = useMemo(() => {
    const branches = new Map(open.map((topic, index) => [topic, results[index + 1]]));
    const branchOf = (topic: string | null) => {
      const result = topic === null ? results[0] : branches.get(topic);
      return { data: result?.data, error: result?.error ?? null };
    };
    return (activity: Rates | null) => treeRows({ branchOf, expanded: new Set(open), activity });
  }, [results, open]);
  const plain = useMemo(() => rowsBy(byActivity ? NO_RATES : null), [rowsBy, byActivity]);
  const [part, setPart] = useState(0);
  const show = useCallback((first: number) => setPart(Math.floor(first / PART)), []);
  const asked = useMemo(() => (of === 'all' ? topicsToAsk(plain, part) : NO_TOPICS), [of, plain, part]);
  const { rates, order } = useTopicRates(asked.topics);
  const rows = useMemo(
    () => (byActivity && asked.areAll ? rowsBy(order) : plain),
    [rowsBy, plain, order, byActivity, asked.areAll],
  );
  return {
    rows,
    rates,
    show,
    expand: (topic) => setOpen((before) => [...before.filter((other) => other !== topic), topic].slice(-MOST_OPEN)),
    collapse: (topic) => setOpen((before) => before.filter((other) => other !== topic)),
    error: root?.data ? null : (root?.error ?? null),
    isStale: results.some(({ error, isPlaceholderData }) => error !== null || isPlaceholderData),
    retry: () => {
      for (const result of results) result.refetch().catch(reportError);
    },
  };
}

const NO_RATES: Rates = new Map();
const NO_TOPICS = { topics: [], areAll: true };

function topicsToAsk(rows: readonly TreeRow[], part: number): { topics: string[]; areAll: boolean } {
  const topics = ratedOf(rows);
  if (topics.length <= MOST_RATES) return { topics, areAll: true };
  return { topics: ratedOf(rows.slice(Math.max(0, part - 1) * PART, (part + 2) * PART)), areAll: false };
}

function ratedOf(rows: readonly TreeRow[]): string[] {
  return rows.flatMap((row) => (row.kind === 'node' && hasRate(row.node.topic) ? [row.node.topic] : []));
}
