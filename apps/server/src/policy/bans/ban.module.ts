import { Module } from '@nestjs/common';
import { BanGate } from './ban-gate.js';
import { BanHitWriter } from './ban-hit-writer.js';
import { BanHits } from './ban-hits.js';
import { BanList } from './ban-list.js';
import { banOf, BansStore } from './bans.store.js';

/** Who may not come in, whatever they show. */
@Module({
  providers: [
    BanGate,
    BanHitWriter,
    BansStore,
    { provide: BanHits, useFactory: () => new BanHits() },
    { provide: BanList, inject: [BansStore], useFactory: loadBans },
  ],
  exports: [BanGate, BanHits, BanList, BansStore],
})
export class BanModule {}

/** The bans that hold, as of the start of this process. */
async function loadBans(store: BansStore): Promise<BanList> {
  const list = new BanList();
  for (const ban of await store.active()) list.put(banOf(ban));
  return list;
}
