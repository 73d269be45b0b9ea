import type { Database } from '../../database/database.js';
import type { PolicyService } from '../../policy/policy.service.js';
import { PostgresRefusalStore } from '../stores/postgres-refusal-store.js';
import { tellOutage } from '../stores/tell-outage.js';
import { RefusalLog } from './refusal-log.js';

/** The log of this process, kept in the database. */
export function newRefusalLog({ pool }: Database, policy: PolicyService): RefusalLog {
  const store = new PostgresRefusalStore({
    pool,
    outage: (error) => tellOutage('refusals', error),
    lost: (row) => log.lost(row),
  });
  const log = new RefusalLog({ store, revision: () => policy.current.revision });
  return log;
}
