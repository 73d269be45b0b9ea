import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSidewaysScroll, untilStill } from './axe.js';
import { picture } from './browser.js';

/** So tall that nothing lies half under a bar. */
const TALL = 3000;

type Theme = 'light' | 'dark';

/**
 * Fails unless the page, as it is now, is accessible in both themes and on a telephone, and never scrolls sideways. Leaves it
 * as large as it was, but in the other theme: to change it twice would take longer. Its pictures begin with `name`.
 */
export async function expectLooksRight(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  const theme = await themeOf(page);
  await picture(page, `${name}-${theme}`);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  const other = theme === 'light' ? 'dark' : 'light';
  await show(page, other);
  await picture(page, `${name}-${other}`);
  await expectAccessible(page, 'colours');
  await page.setViewportSize({ width: 390, height: TALL });
  await picture(page, `${name}-390`);
  await expectAccessible(page, 'layout');
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  if (size) await page.setViewportSize(size);
  // Whoever goes on clicks what is there at this width, and nothing that is about to be replaced.
  await untilStill(page);
}

async function themeOf(page: Page): Promise<Theme> {
  const root = page.locator('html[data-mantine-color-scheme]');
  return (await root.getAttribute('data-mantine-color-scheme')) === 'dark' ? 'dark' : 'light';
}

async function show(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-mantine-color-scheme=${theme}]`).waitFor();
}
