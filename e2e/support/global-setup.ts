import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { launchBrowser } from './launch-browser.js';
import { PerchServer, TEMPLATE } from './perch-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one browser of this run is reached. */
    browserEndpoint: string;
  }
}

const repository = join(import.meta.dirname, '../..');

/** Sees that there is a product to test, starts the one browser of the run, and makes the database that all servers begin with. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const file of ['apps/server/dist/main.js', 'apps/dashboard/dist/index.html']) {
    if (!existsSync(join(repository, file))) throw new Error(`${file} is missing: run \`npm run build\` first.`);
  }
  // What is started is what was compiled last.
  await promisify(execFile)(process.execPath, [join(repository, 'apps/server/bundle.mjs')]);
  await mkdir(join(repository, 'e2e/artifacts'), { recursive: true });
  const browser = await launchBrowser();
  project.provide('browserEndpoint', browser.wsEndpoint());
  const unused = await PerchServer.start({ adminPassword: null });
  await unused.interrupt();
  process.env[TEMPLATE] = unused.dataDir;
  return async () => {
    await browser.close();
    await unused.stop();
  };
}
