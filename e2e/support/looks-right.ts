import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSidewaysScroll } from './axe.js';
import { picture } from './browser.js';

/** So tall that nothing lies half under a bar. */
const TALL = 3000;

/**
 * Fails unless the page, as it is now, is accessible in both themes and on a telephone, and never scrolls sideways. Leaves
 * it as large as it was, in the light theme; its pictures begin with `name`.
 */
export async function expectLooksRight(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  await show(page, 'light');
  await picture(page, `${name}-light`);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await show(page, 'dark');
  await picture(page, `${name}-dark`);
  await expectAccessible(page, 'colours');
  await show(page, 'light');
  await page.setViewportSize({ width: 390, height: TALL });
  await picture(page, `${name}-390`);
  await expectAccessible(page, 'layout');
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  if (size) await page.setViewportSize(size);
}

async function show(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-mantine-color-scheme=${theme}]`).waitFor();
}
