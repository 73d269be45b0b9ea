import { expect } from 'vitest';
import type { Broker } from '../broker.js';
import type { MemoryLink } from '../links/memory-link.js';
import { Chance } from './chance.js';
import { MessagePeer } from './message-peer.js';
import { mqttClient } from './mqtt-client.js';
import { newBroker, type TestBroker } from './new-broker.js';
import { runs } from './property-runs.js';

/** One message of a fuzzer. */
export interface FuzzInput {
  readonly bytes: Buffer;
  readonly isText: boolean;
}

/** Who sends them: what comes back is there as soon as one was delivered. */
export interface FuzzPeer {
  readonly isClosed: boolean;
  readonly closedWith: { readonly code: number | undefined } | null;
  deliver(bytes: Buffer, isText: boolean): unknown;
  /** What has come since the last call. */
  take(): string[];
  leave(): void;
}

/** What a door of whole messages is fuzzed with. */
export interface FuzzedDoor {
  readonly enter: (test: TestBroker, chance: Chance) => FuzzPeer;
  readonly input: (chance: Chance) => FuzzInput;
  /** What is wrong with what came of one input; null for nothing. */
  readonly faultIn: (answers: readonly string[], fuzzer: FuzzPeer) => string | null;
}

const CONVERSATIONS = 500;
const INPUTS_EACH = 40;

/** A text as an input. */
export function textInput(text: string): FuzzInput {
  return { bytes: Buffer.from(text), isText: true };
}

/** Whoever sends whole messages to this door. */
export function messagePeerAt(accept: (broker: Broker, link: MemoryLink) => void): FuzzedDoor['enter'] {
  return (test) => new MessagePeer(test, (link) => accept(test.broker, link));
}

/** 20,000 inputs, in conversations: each is answered as it should be, nothing throws, and nobody else notices anything. */
export function fuzzConversations({ enter, input, faultIn }: FuzzedDoor): void {
  const it = newBroker({ limits: { subscriptionsPerSession: 20, offlineClients: 10 } });
  const bystander = mqttClient(it, { clientId: 'bystander' }).subscribe('bystander/only');
  const { numRuns } = runs(CONVERSATIONS);
  const faults: string[] = [];
  for (let conversation = 0; conversation < numRuns; conversation++) {
    const chance = new Chance(conversation);
    let fuzzer = enter(it, chance);
    for (let each = 0; each < INPUTS_EACH; each++) {
      if (fuzzer.isClosed) fuzzer = enter(it, chance);
      const { bytes, isText } = input(chance);
      fuzzer.deliver(bytes, isText);
      const fault = faultIn(fuzzer.take(), fuzzer);
      if (fault !== null) faults.push(`${conversation}.${each}: ${bytes.toString()} → ${fault}`);
    }
    fuzzer.leave();
    bystander.publish('bystander/only', `${conversation}`);
    const heard = bystander.messages.join();
    if (heard !== `bystander/only=${conversation}`) faults.push(`${conversation}: the bystander heard ${heard}`);
    bystander.packets.length = 0;
  }
  expect(faults).toEqual([]);
  expect([it.faults, it.broker.sessions.size, it.broker.away.windows]).toEqual([[], 1, 0]);
}
