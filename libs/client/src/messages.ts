import type { WireMessage } from '@perch/wire';
import { errorOf, type PerchError } from './perch-error.js';
import type { PerchClient } from './perch-client.js';
import type { SubscribeOptions } from './subscription.js';

/** How to read a filter as a stream. */
export interface MessagesOptions extends Pick<SubscribeOptions, 'retainHandling'> {
  /** Messages that wait for a loop that is slower than they come; beyond it the oldest go. 1,000. */
  readonly maxWaiting?: number;
  /** Told how many of the oldest were dropped so far, at each that is. */
  readonly onDropped?: (count: number) => void;
}

/**
 * The messages of a filter, for `for await`. Leaving the loop ends the subscription, and `close` of the client ends the loop.
 * Throws the broker's refusal, when the subscription is taken away, and when the connection is closed for good; a break of
 * it only makes it wait.
 */
export async function* messagesOf(
  client: PerchClient,
  filter: string,
  { maxWaiting = 1000, onDropped, retainHandling }: MessagesOptions = {},
): AsyncGenerator<WireMessage, void, void> {
  const waiting: WireMessage[] = [];
  let dropped = 0;
  const fate = { isOver: false, error: null as PerchError | null };
  let wake = (): void => undefined;
  const take = (messages: readonly WireMessage[]): void => {
    waiting.push(...messages);
    const surplus = waiting.length - maxWaiting;
    if (surplus > 0) {
      waiting.splice(0, surplus);
      onDropped?.((dropped += surplus));
    }
    wake();
  };
  const end = (error: PerchError | null): void => {
    if (!fate.isOver) Object.assign(fate, { isOver: true, error });
    wake();
  };
  const stopListening = client.onState(({ status, reason }) => {
    if (status === 'closed') end(reason?.name === 'closedByClient' ? null : errorOf(reason, true));
  });
  const subscription = client.subscribeBatches(filter, take, { retainHandling, onEnded: end });
  subscription.ready.catch(end);
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
      if (fate.error) throw fate.error;
      if (fate.isOver) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stopListening();
    subscription.unsubscribe();
  }
}
