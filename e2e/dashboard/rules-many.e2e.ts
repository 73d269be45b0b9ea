import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectLooksRight } from '../support/looks-right.js';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const RULES = 2000;
/** More would mean that all of them are painted. */
const MOUNTED_AT_MOST = 120;

const perch = useServer({}, async ({ admin }) => {
  const rules = Array.from({ length: RULES }, (_, index) => allow(`user-${index + 1}`, 'pub', `plant/${index + 1}/#`));
  // One that is never reached: rule 7 decides all of it.
  rules[1499] = allow('user-7', 'pub', 'plant/7/valve');
  await admin.setRules(rules);
});
const browser = useBrowser();

const list = (page: Page) => page.getByRole('grid', { name: /^Access rules/ });
const ruleRow = (page: Page, position: number) => list(page).locator(`[role="row"][aria-rowindex="${position + 1}"]`);
const rowOf = (page: Page, topic: string) => list(page).getByRole('row').filter({ hasText: topic });

/** The rule at a place of the draft. */
async function expectAt(page: Page, position: number, topic: string): Promise<void> {
  await ruleRow(page, position).filter({ hasText: topic }).waitFor();
}

test('two thousand rules: painted in part, all reached, edited, moved and judged', { timeout: 240_000 }, async () => {
  const page = await browser.open();
  await visit(page, perch, '/access/rules?tab=problems');
  await ruleRow(page, 1).waitFor();
  expect(await list(page).getAttribute('aria-rowcount')).toBe(String(RULES + 2));
  expect(await list(page).getByRole('row').count()).toBeLessThan(MOUNTED_AT_MOST);

  // The problem among them is found, and leads to its rule.
  const problems = page.getByRole('list', { name: 'Problems of the draft' });
  await problems.getByText('Never reached: rule 7 decides everything that it speaks of.').waitFor();
  await expectLooksRight(page, 'rules-many');
  await problems.getByRole('button', { name: /^Go to rule 1500/ }).click();
  await ruleRow(page, 1500).and(page.locator(':focus')).waitFor();
  await expectInView(page, 1500);
  expect(await list(page).getByRole('row').count()).toBeLessThan(MOUNTED_AT_MOST);

  // By keys: to the ends, and the row moves with the focus.
  await page.keyboard.press('End');
  await ruleRow(page, RULES).and(page.locator(':focus')).waitFor();
  await expectInView(page, RULES);
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText(`Rule ${RULES} moved to position ${RULES - 1} of ${RULES}`).waitFor({ state: 'attached' });
  await ruleRow(page, RULES - 1)
    .and(page.locator(':focus'))
    .waitFor();
  await page.keyboard.press('Home');
  await ruleRow(page, 1).and(page.locator(':focus')).waitFor();
  await expectInView(page, 1);

  // What has the focus, and what is typed, stays however far the page is scrolled.
  await page.keyboard.press('e');
  const form = page.getByRole('form', { name: 'Rule 1' });
  await form.getByLabel('Note').fill('the first');
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await ruleRow(page, RULES).waitFor();
  expect(await form.getByLabel('Note').inputValue()).toBe('the first');
  await form.getByLabel('Note').press('Enter');
  await rowOf(page, 'the first').and(page.locator(':focus')).waitFor();
  await expectInView(page, 1);

  // By the mouse: dropped on the lower half of another.
  await ruleRow(page, 1)
    .getByRole('button', { name: 'Drag rule 1' })
    .dragTo(ruleRow(page, 5), { targetPosition: { x: 300, y: 30 } });
  await expectAt(page, 5, 'the first');
  await expectAt(page, 1, 'plant/2/#');
  await page.getByText(/^\d+ unsaved changes$/).waitFor();
});

async function expectInView(page: Page, position: number): Promise<void> {
  const isInView = async () => {
    const box = await ruleRow(page, position).boundingBox();
    return box !== null && box.y > 0 && box.y + box.height <= 800;
  };
  await waitFor(isInView, { what: `rule ${position} to be in view` });
}
