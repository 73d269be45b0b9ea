import { Injectable } from '@nestjs/common';
import { RefusalLog } from '../../broker/refusals/refusal-log.js';
import { PrismaService } from '../../database/prisma.service.js';

const DAY_MS = 24 * 3_600_000;

/** Knows who was refused something. */
@Injectable()
export class DeniedClients {
  constructor(
    private readonly prisma: PrismaService,
    private readonly log: RefusalLog,
  ) {}

  /** The ids of all that were in the last 24 hours. */
  async lately(): Promise<ReadonlySet<string>> {
    await this.log.flush();
    const rows = await this.prisma.$queryRaw<{ client_id: string }[]>`
      SELECT DISTINCT client_id FROM refusals
      WHERE last_at >= ${new Date(Date.now() - DAY_MS)} AND NOT shadow AND client_id IS NOT NULL`;
    return new Set(rows.map((row) => row.client_id));
  }
}
