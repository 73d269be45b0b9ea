import type { WireMessage } from '@perch/wire';
import { PerchError } from './perch-error.js';
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
 * The messages of a filter, for `for await`. Leaving the loop ends the subscription. Throws the broker's refusal, and when
 * the subscription is taken away; a break of the connection only makes it wait.
 */
export async function* messagesOf(
  client: PerchClient,
  filter: string,
  { maxWaiting = 1000, onDropped, retainHandling }: MessagesOptions = {},
): AsyncGenerator<WireMessage, void, void> {
  const waiting: WireMessage[] = [];
  let dropped = 0;
  let ending: PerchError | null = null;
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
  const end = (error: PerchError): void => {
    ending = error;
    wake();
  };
  const subscription = client.subscribeBatches(filter, take, { retainHandling, onEnded: end });
  subscription.ready.catch(end);
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
      if (ending) throw ending as PerchError;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    subscription.unsubscribe();
  }
}
