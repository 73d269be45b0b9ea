import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from './embedded-postgres.js';

/** A built-in Postgres that keeps nothing, for tests and for writing migrations. */
export interface ScratchPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one in a folder of its own, which `stop` removes. */
export async function startScratchPostgres(): Promise<ScratchPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'perch-scratch-'));
  await chmod(dataDir, 0o755); // mkdtemp shuts others out, and under root Postgres is another user
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const postgres = await startEmbeddedPostgres({ dataDir, settings, log: () => undefined });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
