import type { TestBroker } from './new-broker.js';

const TURNS = 5;

/** Lets everything happen that a test has begun: commits, reads of a store, and what they lead to. */
export async function settle({ clock }: TestBroker): Promise<void> {
  for (let i = 0; i < TURNS; i++) {
    await new Promise(setImmediate);
    clock.turn();
  }
}
