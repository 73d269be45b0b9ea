import { retainedStoreContract } from '../testing/retained-store-contract.js';
import { MemoryRetainedStore } from './memory-retained-store.js';

let store = new MemoryRetainedStore();

retainedStoreContract({
  open: async () => store,
  wipe: async () => {
    store = new MemoryRetainedStore();
  },
});
