import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type BrowserServer, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logIn } from '../support/dashboard.js';
import { launchBrowser } from '../support/launch-browser.js';
import { PerchServer } from '../support/perch-server.js';

// The clients page, sorted by what presence does not know: the server looks at all sessions again and again.

const CLIENTS = Number(process.env['LOAD_CLIENTS'] ?? 50_000);
const MEASURED_MS = 10_000;
/** Of /proc/[pid]/stat on Linux. */
const TICKS_PER_SECOND = 100;

let server: PerchServer;
let browserServer: BrowserServer;
let browser: Browser;

const say = (text: string) => void process.stdout.write(`load: ${text}\n`);

beforeAll(async () => {
  server = await PerchServer.start({ flags: ['--max-sessions', String(2 * CLIENTS)] });
  await server.query(
    `INSERT INTO sessions (id, client_id, protocol, created_at, session_expiry_interval, disconnected_at, sent_seq)
     SELECT n, 'load-' || lpad(n::text, 6, '0'), 'mqtt5', now(), 864000, now(), 0 FROM generate_series(1, $1::int) n`,
    [CLIENTS],
  );
  // One to ten of each.
  await server.query(
    `INSERT INTO session_subscriptions (session_id, filter_hash, filter, qos, no_local, retain_as_published, identifiers)
     SELECT n, sha256(convert_to(filter, 'UTF8')), filter, 1, false, false, NULL
     FROM generate_series(1, $1::int) n, generate_series(0, n % 10) k,
       LATERAL (SELECT 'plant/' || n || '/' || k AS filter) named`,
    [CLIENTS],
  );
  await server.query(
    `INSERT INTO clients (client_id_hash, client_id, online, since, username, address, protocol, node, reason, connected_for_ms)
     SELECT sha256(convert_to(client_id, 'UTF8')), client_id, false, now(), NULL, '10.0.0.7', 'mqtt5', 'node',
       'connection-lost', 1000
     FROM sessions`,
  );
  await server.restart();
  browserServer = await launchBrowser();
  browser = await chromium.connect(browserServer.wsEndpoint());
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await browserServer?.close();
  await server?.stop();
});

/** CPU seconds that the server has used so far. */
async function cpuSeconds(): Promise<number> {
  const fields = (await readFile(`/proc/${server.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What a page costs that nobody touches: frames it paints, and CPU of the server. */
async function measure(page: Page, name: string): Promise<number> {
  const before = await cpuSeconds();
  const gaps = await page.evaluate(
    (measuredMs) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        let last = performance.now();
        const end = last + measuredMs;
        const frame = (now: number) => {
          found.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(frame);
          else resolve(found);
        };
        requestAnimationFrame(frame);
      }),
    MEASURED_MS,
  );
  const share = ((await cpuSeconds()) - before) / (MEASURED_MS / 1000);
  const sorted = gaps.toSorted((a, b) => a - b);
  const perSecond = gaps.length / (MEASURED_MS / 1000);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const worst = sorted.at(-1) ?? 0;
  say(
    `${name}: ${perSecond.toFixed(1)} frames/s, p95 ${p95.toFixed(1)} ms, worst ${worst.toFixed(0)} ms; server ${(share * 100).toFixed(1)} % of a core`,
  );
  return perSecond;
}

test('a list sorted by subscriptions stays as quick as one sorted by id', { timeout: 240_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1680, height: 900 } });
  const page = await context.newPage();
  await logIn(page, server);
  await page.goto(`${server.url}/clients`);
  await page.getByText(new RegExp(`^${CLIENTS.toLocaleString('en')} clients`)).waitFor({ timeout: 60_000 });
  const quiet = await measure(page, 'by id');
  const startedAt = performance.now();
  await page.getByRole('columnheader', { name: 'Subscriptions' }).getByRole('button').click();
  const most = page.getByRole('row', { name: /load-\d{5}9/ }).first();
  await page.getByRole('columnheader', { name: 'Subscriptions' }).getByRole('button').click();
  await most.waitFor();
  say(`sorted ${Math.round(performance.now() - startedAt)} ms after the first of two clicks`);
  const sorted = await measure(page, 'by subscriptions');
  expect(sorted).toBeGreaterThan(quiet * 0.8);
});
