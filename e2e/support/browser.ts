import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, type TestContext } from 'vitest';

const artifacts = join(import.meta.dirname, '../artifacts');
const ACTION_TIMEOUT_MS = 15_000;

/** Chromium's own words for requests that fail: tests that cut the network or give a wrong password expect those. */
const EXPECTED = /^(Failed to load resource|WebSocket connection to)/;

/** How a page is to be looked at. */
export interface Looks {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Closed when the tests of the file are over: what it has loaded is there for the next test, and so is what it has stored. */
  readonly outlivesTest?: boolean;
}

/** The browser of one test file. */
export interface TestBrowser {
  /** A page in a browser of its own: no cookies, nothing stored. */
  open(looks?: Looks): Promise<Page>;
}

/**
 * A real browser, whose pages are closed after each test unless they are to stay. A test fails when a page threw, logged an error, or asked
 * another server than ours for anything.
 */
export function useBrowser(): TestBrowser {
  let browser: Browser;
  const pages: Page[] = [];
  const lasting: Page[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    browser = await chromium.connect(inject('browserEndpoint'));
  });
  afterEach(async (context) => {
    await keepPictures([...pages, ...lasting], context);
    for (const page of pages.splice(0)) await page.context().close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
  return {
    async open({ theme = 'light', width = 1280, height = 800, outlivesTest = false }: Looks = {}) {
      const options: BrowserContextOptions = {
        colorScheme: theme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      };
      const context = await browser.newContext(options);
      context.setDefaultTimeout(ACTION_TIMEOUT_MS);
      const page = await context.newPage();
      listen(page, complaints);
      (outlivesTest ? lasting : pages).push(page);
      return page;
    },
  };
}

/** Keeps a picture of the page for people to look at, unless nobody will (`npm test`). */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['PERCH_PICTURES'] !== 'none') await keepPicture(page, name);
}

async function keepPicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(artifacts, `${name}.png`) });
}

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`The page threw: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(`Console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const isOurs = hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:';
    if (!isOurs) complaints.push(`A request to another server: ${request.url()}`);
  });
}

/** Of a test that failed. */
async function keepPictures(pages: readonly Page[], { task }: TestContext): Promise<void> {
  if (task.result?.state !== 'fail') return;
  for (const [index, page] of pages.entries()) {
    const name = `failed-${task.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80)}-${index}`;
    await keepPicture(page, name).catch(() => undefined);
  }
}
