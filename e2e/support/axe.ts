import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** What can differ between two themes, and between two widths of a window. */
const parts = {
  colours: ['color-contrast', 'link-in-text-block'],
  layout: ['target-size', 'scrollable-region-focusable', 'color-contrast'],
};

/**
 * Fails with every violation of WCAG 2.2 AA that axe finds on the page as it is now. A part is enough for a page that was
 * looked at whole in the other theme, or at another width.
 */
export async function expectAccessible(page: Page, what: 'all' | keyof typeof parts = 'all'): Promise<void> {
  await untilStill(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const options: RunOptions = {
    runOnly: what === 'all' ? { type: 'tag', values: TAGS } : { type: 'rule', values: parts[what] },
    // Nobody reads what is right, and to describe it takes most of the time.
    resultTypes: ['violations'],
  };
  const { violations } = await page.evaluate(run, options);
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n  ${node.target.join(' ')}\n  ${node.failureSummary ?? ''}`),
  );
  expect(findings).toEqual([]);
}

/** In the browser, where axe has been put. */
function run(options: RunOptions): Promise<AxeResults> {
  return (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run(options);
}

/** Fails when the page itself can be scrolled sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await untilStill(page);
  const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // A chart takes its new width after the window has it.
  await expect.poll(excess, { message: 'pixels beyond the window', timeout: 5000 }).toBeLessThanOrEqual(0);
}

/** A transition half way has colours that nobody chose; one may begin with the next frame, or where another ended. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    const ending = () => document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity);
    do {
      await Promise.allSettled(ending().map((one) => one.finished));
      await nextFrame();
      await nextFrame();
    } while (ending().length > 0);
  });
}
