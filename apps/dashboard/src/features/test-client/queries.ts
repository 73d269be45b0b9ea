import { queryOptions } from '@tanstack/react-query';
import { policyGetOptions, refusalsListOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';

/** What a client was refused. */
export interface RefusedAction {
  readonly clientId: string;
  readonly action: 'publish' | 'subscribe';
  readonly topic: string;
}

/** The newest such refusal, as the broker wrote it down; nothing can be known of one that is not there yet. */
export const latestRefusal = ({ clientId, action, topic }: RefusedAction) =>
  queryOptions({
    ...refusalsListOptions({ query: { clientId, action, topic, limit: 1 } }),
    select: ({ items }) => items[0] ?? null,
  });

/** The live policy: its rules are called by their place. */
export const livePolicy = () => queryOptions({ ...policyGetOptions(), staleTime: 10_000 });
