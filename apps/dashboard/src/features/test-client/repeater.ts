import { MOST_PER_SECOND, MOST_REPEATS } from './publish-form.js';

/** How far a repeated publish is. */
export interface Progress {
  readonly sent: number;
  readonly total: number;
}

interface Repetition {
  readonly count: number;
  readonly perSecond: number;
  readonly send: (number: number) => void;
  /** Whether the broker is behind with its answers: then a turn is left out. */
  readonly isHeld: () => boolean;
  readonly onProgress: (progress: Progress | null) => void;
}

/** Sends a message again and again, within bounds, until it is done or the returned function is called. */
export function repeat({ count, perSecond, send, isHeld, onProgress }: Repetition): () => void {
  const total = Math.min(count, MOST_REPEATS);
  let sent = 0;
  const stop = (): void => {
    clearInterval(timer);
    onProgress(null);
  };
  const turn = (): void => {
    if (isHeld()) return;
    send(++sent);
    if (sent >= total) stop();
    else onProgress({ sent, total });
  };
  const timer = setInterval(turn, 1000 / Math.min(perSecond, MOST_PER_SECOND));
  turn();
  return stop;
}
