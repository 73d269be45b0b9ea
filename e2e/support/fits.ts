import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectNoSidewaysScroll, untilStill } from './axe.js';

/** A laptop's window at twice the size, where there is least room, and a screen where there is most. */
const windows = [
  { width: 640, height: 400 },
  { width: 3840, height: 2160 },
] as const;

/** No line is longer than a page is ever wide, in CSS pixels: nobody's eye finds the next one. */
const LONGEST_LINE = 1920;

/**
 * Fails unless the page, as it is now, can be used in a very small and a very large window: no control lies where nobody
 * can scroll to, dialogs are no higher than the window, and no line of text is endless. Leaves it as large as it was.
 */
export async function expectFits(page: Page, where: string): Promise<void> {
  const before = page.viewportSize();
  for (const size of windows) {
    await page.setViewportSize(size);
    await expectNoSidewaysScroll(page);
    expect(await page.evaluate(misfits, LONGEST_LINE), `${where} at ${size.width}x${size.height}`).toEqual([]);
  }
  if (before) await page.setViewportSize(before);
  await untilStill(page);
}

/** In the browser. */
function misfits(longestLine: number): string[] {
  const found: string[] = [];
  const tell = (what: string, element: Element, box: DOMRect) =>
    found.push(
      `${what}: <${element.tagName.toLowerCase()}> ${(element.textContent ?? '').slice(0, 40)} ${JSON.stringify(box)}`,
    );
  const scrolls = (element: Element, way: 'X' | 'Y') => /auto|scroll/.test(getComputedStyle(element)[`overflow${way}`]);
  const isReached = (element: Element): boolean => {
    for (let each = element.parentElement; each; each = each.parentElement) if (scrolls(each, 'X')) return true;
    return false;
  };
  /** No more than this width of a text is seen: what holds it cuts it off. */
  const seenOf = (element: Element): number => {
    let width = Infinity;
    for (let each: Element | null = element; each; each = each.parentElement) {
      const { overflowX, display } = getComputedStyle(each);
      if (overflowX !== 'visible' && display !== 'inline') width = Math.min(width, each.getBoundingClientRect().width);
    }
    return width;
  };
  for (const control of document.querySelectorAll('button, a, input, select, textarea')) {
    const box = control.getBoundingClientRect();
    if (box.width < 2 || box.right < 0 || isReached(control)) continue;
    if (box.right > innerWidth + 1 || box.left < -1) tell('out of reach', control, box);
  }
  for (const dialog of document.querySelectorAll('[role=dialog]')) {
    const box = dialog.getBoundingClientRect();
    if (box.height > innerHeight + 1 && !scrolls(dialog, 'Y') && !scrolls(dialog.parentElement ?? dialog, 'Y'))
      tell('too high', dialog, box);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    if (!parent || isReached(parent) || /^(script|style|option)$/i.test(parent.tagName)) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const cut = Math.min(box.width, parent.getBoundingClientRect().width || box.width, seenOf(parent));
      if (cut > longestLine) tell('endless line', parent, box);
    }
  }
  return found;
}
