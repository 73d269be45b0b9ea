import { sessionStoreContract } from '../testing/session-store-contract.js';
import { MemorySessionStore } from './memory-session-store.js';

let store = new MemorySessionStore();

sessionStoreContract({
  open: async () => store,
  messageCount: async () => store.messageCount,
  wipe: async () => {
    store = new MemorySessionStore();
  },
});
