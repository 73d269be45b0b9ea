import type { DurableState } from './durable-deliveries.js';
import type { SessionContext } from './session.js';

/** Of a durable session that begins now. */
export function newDurableState({ log, clock }: SessionContext): DurableState & { readonly createdAt: number } {
  return { id: log.nextId(), count: 0, bytes: 0, lastSeq: 0, sentSeq: 0, isUncertain: false, createdAt: clock.now() };
}
