import { afterEach, describe } from 'vitest';
import type { SessionStoreContext, SessionStoreFixture } from './session-store-context.js';
import { commitTests, copyTests, readTests } from './session-store-copies.js';
import { deliveryTests, settleTests } from './session-store-deliveries.js';
import { packetIdTests, sessionTests } from './session-store-sessions.js';
import { aStoredSession } from './stored-sessions.js';

/** What every session store promises. Call it at the top of a spec, once per store. */
export function sessionStoreContract(fixture: SessionStoreFixture): void {
  afterEach(() => fixture.wipe());
  const context: SessionStoreContext = {
    ...fixture,
    reopen: async (store) => {
      await store.close();
      return fixture.open();
    },
    withSession: async () => {
      const store = await fixture.open();
      store.keepSession(aStoredSession());
      return store;
    },
  };
  describe('sessions and subscriptions', () => sessionTests(context));
  describe('packet ids', () => packetIdTests(context));
  describe('deliveries', () => deliveryTests(context));
  describe('the end of a delivery', () => settleTests(context));
  describe('one copy of a message', () => copyTests(context));
  describe('reading in pages', () => readTests(context));
  describe('commit and restart', () => commitTests(context));
}
