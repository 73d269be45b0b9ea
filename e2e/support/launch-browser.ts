import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type BrowserServer } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The name by which a browser of the tests reaches this machine as if it were another one: no page there is a secure one. */
export const LAN_HOST = 'perch.test';

/** Starts a headless Chromium: the system's where there is one, else the one that came with npm install. */
export async function launchBrowser(): Promise<BrowserServer> {
  const system = systemChromium();
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--headless=shell',
    `--host-resolver-rules=MAP ${LAN_HOST} 127.0.0.1`,
  ];
  const executablePath = system ?? (await bundledChromium());
  return chromium.launchServer({ executablePath, args, host: '127.0.0.1' });
}

function systemChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function bundledChromium(): Promise<string> {
  const { default: bundle } = await import('@sparticuz/chromium');
  return bundle.executablePath();
}
