import { Injectable } from '@nestjs/common';
import { RefusalLog } from '../../broker/refusals/refusal-log.js';
import { TimelineRecorder } from '../../broker/timeline/timeline-recorder.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import type { TimelinePage, TimelineQuery } from './timeline.schemas.js';
import { type TimelinePlace, TimelineStore } from './timeline.store.js';

/** Shows what happened to a client. What was recorded a moment ago is written first, so that nothing is missing. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly recorder: TimelineRecorder,
    private readonly refusals: RefusalLog,
    private readonly store: TimelineStore,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** Empty for a client that was never here: it may have been refused, or forgotten. */
  async read(clientId: string, { limit, after }: TimelineQuery): Promise<TimelinePage> {
    const place = placeOf(decodeCursor(after));
    await Promise.all([this.recorder.flush(), this.refusals.flush()]);
    const found = await this.store.read(clientId, place, limit + 1);
    const { timelineRetentionDays: retentionDays, timelineEventsPerClient: eventsPerClient } = this.config;
    return {
      ...cutPage(found, limit, ({ at, key }) => `${Date.parse(at)} ${key}`),
      retentionDays,
      eventsPerClient,
      notKept: this.recorder.notKept,
    };
  }
}

function placeOf(cursor: string | null): TimelinePlace | null {
  if (cursor === null) return null;
  const [, at, key] = /^(\d{1,14}) ([er][0-9a-f]{1,128})$/.exec(cursor) ?? [];
  if (at === undefined || key === undefined) throw new ApiError('bad-request', 'The page cursor is not valid.');
  return { at: Number(at), key };
}
