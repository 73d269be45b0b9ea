import { Module } from '@nestjs/common';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { BanGate } from './ban-gate.js';
import { BanHitWriter } from './ban-hit-writer.js';
import { BanHits } from './ban-hits.js';
import { BanList } from './ban-list.js';
import { banOf, BansStore } from './bans.store.js';
import { FlapCounter } from './flap-counter.js';

/** Who may not come in, whatever they show. */
@Module({
  providers: [
    BanGate,
    BanHitWriter,
    BansStore,
    { provide: BanHits, useFactory: () => new BanHits() },
    { provide: BanList, inject: [BansStore], useFactory: loadBans },
    { provide: FlapCounter, inject: [CONFIG], useFactory: newFlapCounter },
  ],
  exports: [BanGate, BanHits, BanList, BansStore, FlapCounter],
})
export class BanModule {}

/** The bans that hold, as of the start of this process. */
async function loadBans(store: BansStore): Promise<BanList> {
  const list = new BanList();
  for (const ban of await store.active()) list.put(banOf(ban));
  return list;
}

function newFlapCounter({ flappingThreshold, flappingWindowSeconds }: Config): FlapCounter {
  return new FlapCounter({ threshold: flappingThreshold, windowMs: flappingWindowSeconds * 1000 });
}
