import { connect as openSocket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { chromium, type Browser, type BrowserServer, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logIn } from '../support/dashboard.js';
import { launchBrowser } from '../support/launch-browser.js';
import { OperatorApi } from '../support/operator-api.js';
import { PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';

// The clients page in a real browser: everybody is known to the server from Postgres, and some of them come and go over
// real sockets, as fast as is asked for.

const CLIENTS = Number(process.env['LOAD_CLIENTS'] ?? 50_000);
const CHANGES_PER_SECOND = Number(process.env['LOAD_CHANGES'] ?? 2_000);
const MEASURED_MS = 5_000;
const TICK_MS = 20;
/** Sockets that are open at a time: a connection lives about as long as the pool is large. */
const POOL = 500;

let server: PerchServer;
let browserServer: BrowserServer;
let browser: Browser;

const say = (text: string) => void process.stdout.write(`load: ${text}\n`);
const idOf = (n: number) => `load-${String(n).padStart(6, '0')}`;

beforeAll(async () => {
  server = await PerchServer.start({ flags: ['--allow-anonymous', '--max-connections', '20000'] });
  await server.query(
    `INSERT INTO clients (client_id_hash, client_id, online, since, username, address, protocol, node, reason, connected_for_ms)
     SELECT sha256(convert_to(id, 'UTF8')), id, false, now() - n * interval '1 second', 'user-' || n % 100,
       '10.' || n % 250 || '.' || n / 250 % 250 || '.7', 'mqtt3.1.1', 'node', 'connection-lost', 1000
     FROM generate_series(1, $1::int) n, LATERAL (SELECT 'load-' || lpad(n::text, 6, '0') AS id) named`,
    [CLIENTS],
  );
  await server.restart();
  browserServer = await launchBrowser();
  browser = await chromium.connect(browserServer.wsEndpoint());
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await browserServer?.close();
  await server?.stop();
});

/** Clients that come and go over sockets of their own, so many changes a second in all. */
class Storm {
  private readonly open: (() => void)[] = [];
  private next = 0;
  private due = 0;
  private timer: ReturnType<typeof setInterval> | null = null;

  start(): void {
    let before = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      this.due += ((now - before) / 1000) * (CHANGES_PER_SECOND / 2);
      before = now;
      for (; this.due >= 1; this.due--) this.step();
    }, TICK_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    for (const end of this.open.splice(0)) end();
  }

  /** One comes and, when there are enough, the first one goes. */
  private step(): void {
    this.next = (this.next % CLIENTS) + 1;
    const socket = openSocket(server.mqttPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 0,
        clientId: idOf(this.next),
      }),
    );
    socket.resume();
    this.open.push(() => socket.end(mqttPacket.generate({ cmd: 'disconnect' })));
    if (this.open.length > POOL) this.open.shift()?.();
  }
}

/** Frames that the page paints, as the browser tells of them. */
async function framesOf(page: Page): Promise<{ perSecond: number; p95Ms: number; worstMs: number }> {
  const gaps = await page.evaluate(
    (measuredMs) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const start = performance.now();
        let last = start;
        const frame = (now: number) => {
          found.push(now - last);
          last = now;
          if (now - start < measuredMs) requestAnimationFrame(frame);
          else resolve(found.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    MEASURED_MS,
  );
  const sorted = gaps.toSorted((a, b) => a - b);
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  return {
    perSecond: (gaps.length * 1000) / sum,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    worstMs: sorted.at(-1) ?? 0,
  };
}

/** From a click on the page's link to the first row that is painted. */
async function firstRows(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const start = performance.now();
        document.querySelector<HTMLElement>('nav a[href="/clients"]')?.click();
        const look = () => {
          const row = document.querySelector('[role="grid"] [data-index]');
          if (row) requestAnimationFrame(() => resolve(performance.now() - start));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** From a key in the filter to the frame that shows the narrower list; one figure for each key. */
async function filterTimes(page: Page, text: string): Promise<number[]> {
  const input = page.getByRole('textbox', { name: 'Filter by id, user or address' });
  await input.focus();
  const times: number[] = [];
  for (const key of text) {
    await page.evaluate(watchNextKey);
    await page.keyboard.press(key);
    times.push(await page.evaluate(() => (globalThis as unknown as { painted: Promise<number> }).painted));
  }
  await input.fill('');
  return times;
}

/** In the page: measures from the next key to the frame in which the list has another length. */
function watchNextKey(): void {
  const length = () => document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount');
  const painted = new Promise<number>((resolve) => {
    const begin = () => {
      const [start, before] = [performance.now(), length()];
      const look = () => {
        if (length() === before) requestAnimationFrame(look);
        else requestAnimationFrame(() => resolve(performance.now() - start));
      };
      requestAnimationFrame(look);
    };
    addEventListener('keydown', begin, { once: true, capture: true });
  });
  Object.assign(globalThis, { painted });
}

/** What the header of the page counts. */
async function counted(page: Page): Promise<string> {
  return (await page.locator('main dl').first().innerText()).replace(/\s+/g, ' ');
}

test('the list of clients stays as quick as an idle page while they come and go', { timeout: 300_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await logIn(page, server);
  say(`${CLIENTS} clients; first rows ${Math.round(await firstRows(page))} ms after the click`);
  await page.getByText(new RegExp(`^${CLIENTS.toLocaleString('en')} clients`)).waitFor({ timeout: 60_000 });
  say('all rows are there');
  const quiet = await framesOf(page);
  say(`idle: ${quiet.perSecond.toFixed(1)} frames/s`);
  // Each key narrows the list.
  const keys = await filterTimes(page, '4999');
  say(`filter: ${keys.map((ms) => Math.round(ms)).join(', ')} ms from a key to the frame that shows it`);
  const admin = await OperatorApi.admin(server);
  const storm = new Storm();
  storm.start();
  const seq = async () => (await admin.ok<{ seq: number }>('GET', '/clients?limit=1')).seq;
  // The server compiles what it does often first, and the page is not to be measured before it has something to do.
  await waitFor(async () => (await seq()) > 5 * CHANGES_PER_SECOND, { what: 'the storm', timeoutMs: 60_000 });
  const from = await seq();
  const startedAt = performance.now();
  const busy = await framesOf(page);
  const to = await seq();
  const changes = ((to - from) * 1000) / (performance.now() - startedAt);
  const busyKeys = await filterTimes(page, '4999');
  storm.stop();
  for (const [name, frames] of [
    ['idle', quiet],
    [`${Math.round(changes)} changes/s`, busy],
  ] as const) {
    const { perSecond, p95Ms, worstMs } = frames;
    say(`${name}: ${perSecond.toFixed(1)} frames/s, p95 ${p95Ms.toFixed(1)} ms, worst ${worstMs.toFixed(0)} ms`);
  }
  say(`filter meanwhile: ${busyKeys.map((ms) => Math.round(ms)).join(', ')} ms`);
  // Whatever was thrown at it: the page counts what the server counts.
  const online = async () => (await admin.ok<{ online: number }>('GET', '/clients?limit=1')).online;
  await waitFor(async () => (await online()) === 0, { what: 'everybody to have gone', timeoutMs: 30_000 });
  const expected = `Online 0 Offline 0 Gone ${CLIENTS.toLocaleString('en')}`;
  await waitFor(async () => (await counted(page)) === expected, {
    what: `the page to say ${expected}`,
    timeoutMs: 30_000,
  });
  expect(busy.perSecond).toBeGreaterThan(quiet.perSecond * 0.5);
});
