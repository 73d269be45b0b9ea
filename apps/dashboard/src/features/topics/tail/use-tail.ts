import { useEffect, useState, useSyncExternalStore } from 'react';
import { tailsStart } from '../../../shared/api/generated/sdk.gen.js';
import { type OpenTail, TailFeed, type TailState } from './tail-feed.js';

/** A page that nobody has looked at for so long watches no longer. */
const HIDDEN_MS = 600_000;

const openTail: OpenTail = async (body, signal) => {
  const { data } = await tailsStart({ body, signal, parseAs: 'stream' });
  // The document describes a line; the stream of them is what is read.
  return data as unknown as ReadableStream<Uint8Array>;
};

/** The live tail of a page: goes on while its tabs change, ends with the page or when that is hidden for long. */
export function useTail(): { readonly feed: TailFeed; readonly state: TailState } {
  const [feed] = useState(() => new TailFeed(openTail));
  const state = useSyncExternalStore(feed.subscribe, feed.current);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => feed.stop('hidden'), HIDDEN_MS);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(timer);
      feed.stop();
    };
  }, [feed]);
  return { feed, state };
}
