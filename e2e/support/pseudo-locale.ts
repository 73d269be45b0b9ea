import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';

const repository = join(import.meta.dirname, '../..');

/** What the server answers itself; all else is a file of the dashboard, or its page. */
const ofServer = /^\/(?:api|health|ws|mqtt)(?:\/|$)/;

/** Builds the dashboard in the pseudo-locale; resolves with the folder where it is. */
export async function buildPseudoLocale(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-pseudo-'));
  const vite = join(repository, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', '--outDir', folder, '--emptyOutDir', '--minify', 'false', '--logLevel', 'warn'],
    {
      cwd: join(repository, 'apps/dashboard'),
      env: { ...process.env, PERCH_PSEUDO_LOCALE: '1' },
    },
  );
  return folder;
}

/** Has a page load the dashboard from a folder, and everything else from the server; dates and numbers are not in English. */
export async function showDashboardOf(folder: string, page: Page): Promise<void> {
  await page.route(
    ({ pathname }) => !ofServer.test(pathname),
    async (route) => {
      const file = join(folder, new URL(route.request().url()).pathname);
      await route.fulfill({ path: /\.\w+$/.test(file) && existsSync(file) ? file : join(folder, 'index.html') });
    },
  );
  const tools = await page.context().newCDPSession(page);
  await tools.send('Emulation.setLocaleOverride', { locale: 'ru' });
}

/** What is wrong with the texts of a page in the pseudo-locale, as it is now; `names` are words that are no texts. */
export async function faultsOfTexts(page: Page, names: readonly string[]): Promise<string[]> {
  return page.evaluate(faults, [...names]);
}

/** In the browser. */
function faults(names: string[]): string[] {
  const found = new Set<string>();
  const spoken = [
    'aria-label',
    'aria-description',
    'aria-roledescription',
    'aria-valuetext',
    'placeholder',
    'title',
    'alt',
  ];
  /** Names, code, and what says that it is not in the language of the page. */
  const foreign =
    '[lang]:not(html), [translate=no], .perch-mono, code, pre, kbd, script, style, noscript, [aria-hidden=true]';
  /** What is left after brackets, of what is put into texts too; codes such as `not-authorized` are the broker's own. */
  const plainOf = (text: string) => {
    let left = text;
    for (let before = ''; before !== left;) {
      before = left;
      left = left.replace(/\[[^[\]]*\]/g, '');
    }
    if (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(left.trim())) return [];
    const words = left.split(/\s+/).map((word) => word.replace(/^[(“"·]+|[….,:;!?)”"]+$/g, ''));
    return words.filter((word) => /^[a-z’'-]{3,}$/i.test(word) && !names.includes(word));
  };
  const tell = (what: string, text: string, element: Element) =>
    found.add(`${what}: ${text.trim().slice(0, 80)} <${element.tagName.toLowerCase()} class="${element.className}">`);
  const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';

  const isCutBy = (element: Element, boxes: readonly DOMRect[]) => {
    const box = element.getBoundingClientRect();
    const { overflowX, overflowY } = getComputedStyle(element);
    return (
      (hides(overflowX) && boxes.some(({ left, right }) => left < box.left - 1 || right > box.right + 1)) ||
      (hides(overflowY) && boxes.some(({ top, bottom }) => top < box.top - 3 || bottom > box.bottom + 3))
    );
  };
  /** What cuts a text off without a sign of it, or what it sticks out of: null where all can be read. */
  const holderThatFails = (parent: Element, boxes: readonly DOMRect[]): [what: string, holder: Element] | null => {
    let isBox = false;
    for (let each: Element | null = parent; each; each = each.parentElement) {
      const { display, overflowX, overflowY, textOverflow, webkitLineClamp, position } = getComputedStyle(each);
      const box = each.getBoundingClientRect();
      if (display === 'inline' || display === 'contents') continue;
      // Spoken, not shown.
      if (box.width <= 2 || box.height <= 2) return null;
      if (textOverflow === 'ellipsis' || webkitLineClamp !== 'none') return null;
      if (isCutBy(each, boxes)) return ['cut off', each];
      if (/auto|scroll/.test(`${overflowX} ${overflowY}`)) return null;
      const holds = each.matches('button, a, td, th, [role=gridcell], [role=columnheader], section, li');
      if (holds && !isBox && boxes.some(({ left, right }) => left < box.left - 1 || right > box.right + 1))
        return ['sticks out', each];
      isBox ||= holds;
      if (position === 'fixed') return null;
    }
    return null;
  };

  for (const element of document.querySelectorAll(spoken.map((name) => `[${name}]`).join())) {
    if (element.closest(foreign)) continue;
    for (const name of spoken) {
      const text = element.getAttribute(name) ?? '';
      if (plainOf(text).length > 0) tell(name, text, element);
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const texts: [Text, Element][] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (node.parentElement && node.data.trim() !== '') texts.push([node, node.parentElement]);
  }
  for (const [node, parent] of texts) {
    if (!parent.closest(foreign) && plainOf(node.data).length > 0) tell('hard-coded', node.data, parent);
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
    if (boxes.length === 0 || /^(option|script|style|noscript)$/i.test(parent.tagName)) continue;
    const failed = holderThatFails(parent, boxes);
    if (failed)
      tell(`${failed[0]} <${failed[1].tagName.toLowerCase()} class="${failed[1].className}">`, node.data, parent);
  }
  if (plainOf(document.title.replace(/ - Perch$/, '')).length > 0) found.add(`title: ${document.title}`);
  return [...found];
}
