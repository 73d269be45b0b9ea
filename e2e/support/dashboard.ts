import type { Locator, Page } from 'playwright-core';
import { adminPassword, type PerchServer } from './perch-server.js';
import { waitFor } from './wait-for.js';

/** What a person sees of a rule in the editor. */
export interface RuleForm {
  readonly effect: 'Allow' | 'Deny';
  readonly who: 'Client id' | 'User' | 'Address' | 'Everyone';
  readonly value?: string;
  readonly may: 'Publish' | 'Subscribe' | 'Both';
  readonly topics: readonly string[];
}

/** Logs in through the page and waits for the overview. */
export async function logIn(page: Page, { url }: PerchServer, name = 'admin', password = adminPassword): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('Operator').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

/** Goes to a page by the list of pages, as a person does. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Creates a user in the drawer of the users page. */
export async function createUser(page: Page, username: string, password: string): Promise<void> {
  await goTo(page, 'Users');
  await page.getByRole('button', { name: 'Create user' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create a user' });
  await drawer.getByLabel('Username').fill(username);
  await choose(drawer, 'Password', 'Set one');
  await drawer.getByRole('textbox', { name: 'Password' }).fill(password);
  await drawer.getByRole('button', { name: 'Create user' }).click();
  await drawer.getByText(`User ${username} exists`).waitFor();
  await drawer.getByRole('button', { name: 'Done' }).click();
  await drawer.waitFor({ state: 'hidden' });
}

/** Adds a rule at the end of the draft. The rules page has to be open. */
export async function addRule(page: Page, rule: RuleForm): Promise<void> {
  await page.getByRole('button', { name: 'Add rule', exact: true }).click();
  const form = page.getByRole('form', { name: /^Rule \d+$/ });
  await choose(form, 'Effect', rule.effect);
  await form.getByLabel('Subject').selectOption({ label: rule.who });
  if (rule.value !== undefined) await form.getByLabel('Value').fill(rule.value);
  await choose(form, 'Access', rule.may);
  for (const topic of rule.topics) {
    await form.getByLabel('Topics', { exact: true }).fill(topic);
    await form.getByLabel('Topics', { exact: true }).press('Enter');
  }
  await form.getByRole('button', { name: 'Done' }).click();
  await form.waitFor({ state: 'hidden' });
}

/** Reviews the draft and saves it; resolves when it is live. */
export async function saveRules(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review & save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review & save' });
  const save = dialog.getByRole('button', { name: /^Save \d+ changes?$/ });
  let isClicked = false;
  const clicking = save.click().then(() => (isClicked = true));
  // A save that takes something from many of the clients wants their number typed: before the click where that is known by then.
  const guard = dialog.getByLabel(/^This takes something from/);
  await Promise.race([clicking, guard.waitFor().catch(() => undefined)]);
  await guard
    .or(page.getByText(/^Rev \d+ is live/))
    .first()
    .waitFor();
  if (await guard.isVisible()) {
    const [, clients = ''] =
      /from (\d+) of/.exec(await dialog.getByText(/^This takes something from/).innerText()) ?? [];
    const wasClicked = isClicked;
    await guard.fill(clients);
    if (wasClicked) await save.click();
  }
  await clicking;
  await dialog.waitFor({ state: 'hidden' });
  await page
    .getByText(/^Rev \d+ is live/)
    .last()
    .waitFor();
}

/** The row of a client in the presence list. */
export function clientRow(page: Page, clientId: string): Locator {
  return page
    .getByRole('grid', { name: 'Clients' })
    .getByRole('row')
    .filter({ has: page.getByText(clientId, { exact: true }) });
}

/** Resolves when the list shows the client in this state. */
export async function seeClient(
  page: Page,
  clientId: string,
  { state, timeoutMs = 10_000 }: { state: 'Online' | 'Offline' | 'Gone'; timeoutMs?: number },
): Promise<void> {
  await clientRow(page, clientId).getByText(state, { exact: true }).waitFor({ timeout: timeoutMs });
}

/** Resolves when the pill in the header says this. */
export async function seeLiveStatus(page: Page, words: RegExp, timeoutMs = 20_000): Promise<void> {
  const pill = page.getByRole('button', { name: /^Live data: / });
  const says = async () => words.test((await pill.getAttribute('aria-label')) ?? '');
  await waitFor(says, { what: `the pill to say ${String(words)}`, timeoutMs });
}

/** Picks one of a segmented control by its word. */
async function choose(form: Locator, group: string, word: string): Promise<void> {
  await form.getByRole('radiogroup', { name: group }).getByText(word, { exact: true }).click();
}
