import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { launchBrowser } from './launch-browser.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one browser of this run is reached. */
    browserEndpoint: string;
  }
}

const repository = join(import.meta.dirname, '../..');

/** Checks that there is a product to test, and starts the one browser of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const file of ['apps/server/dist/main.js', 'apps/dashboard/dist/index.html']) {
    if (!existsSync(join(repository, file))) throw new Error(`${file} is missing: run \`npm run build\` first.`);
  }
  await mkdir(join(repository, 'e2e/artifacts'), { recursive: true });
  const browser = await launchBrowser();
  project.provide('browserEndpoint', browser.wsEndpoint());
  return () => browser.close();
}
