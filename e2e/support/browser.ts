import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { LAN_HOST } from './launch-browser.js';
import { afterAll, afterEach, beforeAll, expect, inject, type TestContext } from 'vitest';

const artifacts = join(import.meta.dirname, '../artifacts');
const ACTION_TIMEOUT_MS = 15_000;
/** Characters of a page that go into the log of a test that failed. */
const MAX_WORDS = 6_000;

/**
 * Chromium's own words for requests that fail: tests that cut the network or give a wrong password expect those. And for a
 * header that means nothing over plain HTTP.
 */
const EXPECTED =
  /^(Failed to load resource|WebSocket connection to|The Cross-Origin-Opener-Policy header has been ignored)/;

/** How a page is to be looked at. */
export interface Looks {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** For a test that changes the page itself for good: by scripts and functions of its own, or by what it does to requests. */
  readonly isForThisTest?: boolean;
}

/** The browser of one test file. */
export interface TestBrowser {
  /** A page with no cookies and nothing stored; in a browser of its own where the test has one open already. */
  open(looks?: Looks): Promise<Page>;
}

/**
 * A real browser. A test fails when a page threw, logged an error, or asked another server than ours for anything.
 * The first page of each test is the same one, emptied: to start another and load the code anew takes most of the time.
 */
export function useBrowser(): TestBrowser {
  let browser: Browser;
  let common: CommonPage | null = null;
  const others: Page[] = [];
  const complaints: string[] = [];
  const newPage = async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    const page = await context.newPage();
    listen(page, complaints);
    return page;
  };
  const closeCommon = async () => {
    await common?.page.context().close();
    common = null;
  };
  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    browser = await chromium.connect(inject('browserEndpoint'));
  });
  afterEach(async (context) => {
    const pages = others.splice(0);
    await keepPictures(common ? [common.page, ...pages] : pages, context);
    for (const page of pages) await page.context().close();
    if (hasFailed(context)) await closeCommon();
    await common?.empty().catch(closeCommon);
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
  return {
    async open({ theme = 'light', width = 1280, height = 800, isForThisTest = false }: Looks = {}) {
      const isCommon = !isForThisTest && common?.isTaken !== true;
      if (isCommon) common ??= await CommonPage.of(await newPage());
      const page = isCommon && common ? common.take() : await newPage();
      if (!isCommon) others.push(page);
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme });
      return page;
    },
  };
}

/** A page that tests take one after the other, each as if it were new. */
class CommonPage {
  isTaken = false;
  private readonly origins = new Set<string>();

  private constructor(
    readonly page: Page,
    private readonly tools: CDPSession,
  ) {
    page.on('framenavigated', (frame) => this.origins.add(new URL(frame.url()).origin));
  }

  static async of(page: Page): Promise<CommonPage> {
    return new CommonPage(page, await page.context().newCDPSession(page));
  }

  take(): Page {
    this.isTaken = true;
    return this.page;
  }

  async empty(): Promise<void> {
    if (!this.isTaken) return;
    await this.leave();
    await this.page.mouse.move(0, 0);
    await this.page.context().clearCookies();
    for (const origin of this.origins)
      await this.tools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    this.origins.clear();
    this.isTaken = false;
  }

  /**
   * A page that is left keeps its draft, and may do so after another origin is shown: what it keeps is emptied on an
   * address of its own origin that runs nothing, which comes after it for certain.
   */
  private async leave(): Promise<void> {
    const { protocol, origin } = new URL(this.page.url());
    if (protocol === 'http:') {
      await this.page.goto(`${origin}/health/live`);
      await this.page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
    }
    await this.page.goto('about:blank');
  }
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
    const isOurs = ['127.0.0.1', LAN_HOST].includes(hostname) || protocol === 'data:' || protocol === 'blob:';
    if (!isOurs) complaints.push(`A request to another server: ${request.url()}`);
  });
}

/** What a test that failed has left on its pages: a picture of each, and its words for who has the log alone. */
async function keepPictures(pages: readonly Page[], context: TestContext): Promise<void> {
  if (!hasFailed(context)) return;
  for (const [index, page] of pages.entries()) {
    const name = `failed-${context.task.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80)}-${index}`;
    await keepPicture(page, name).catch(() => undefined);
    const words = await page.locator('body').ariaSnapshot({ timeout: 2_000 }).catch(String);
    console.error(`${name}: ${page.url()}\n${words.slice(0, MAX_WORDS)}`);
  }
}

function hasFailed({ task }: TestContext): boolean {
  return task.result?.state === 'fail';
}
