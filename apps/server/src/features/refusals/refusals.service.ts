import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { RefusalLog } from '../../broker/refusals/refusal-log.js';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { rangeOf, stepped } from './refusal-range.js';
import type { RefusalPage, RefusalQuery } from './refusal.schemas.js';
import { type RefusalPlace, RefusalsStore } from './refusals.store.js';

/** Shows what was refused. What was counted a moment ago is written first, so that nothing is missing. */
@Injectable()
export class RefusalsService {
  constructor(
    private readonly broker: Broker,
    private readonly log: RefusalLog,
    private readonly store: RefusalsStore,
  ) {}

  async list({ after, since, until, ...query }: RefusalQuery): Promise<RefusalPage> {
    const asked = rangeOf({ since, until }, this.broker.clock.now());
    const place = placeOf(decodeCursor(after));
    await this.log.flush();
    const range = stepped(await this.store.reach({ ...query, until }, asked), asked.until);
    const [found, total] = await Promise.all([
      this.store.list({ ...range, query, after: place }),
      this.store.total(query, range),
    ]);
    const { items, next } = cutPage(found, query.limit, ({ rank, refusal }) => `${rank} ${refusal.key}`);
    return {
      items: items.map(({ refusal }) => refusal),
      next,
      total,
      since: new Date(range.since).toISOString(),
      until: new Date(range.until).toISOString(),
      stepMs: range.stepMs,
      isCut: range.since > asked.since,
      summedUp: this.log.summedUp,
      notKept: this.log.notKept,
    };
  }
}

function placeOf(cursor: string | null): RefusalPlace | null {
  if (cursor === null) return null;
  const [, rank, key] = /^(\d{1,16}) ([a-z0-9]{1,64})$/.exec(cursor) ?? [];
  if (rank === undefined || key === undefined) throw new ApiError('bad-request', 'The page cursor is not valid.');
  return { rank: Number(rank), key };
}
