import type { Locator, Page } from 'playwright-core';
import { adminPassword, type PerchServer } from './perch-server.js';
import type { Running } from './use-server.js';
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
export async function logIn(
  page: Page,
  { url }: Pick<PerchServer, 'url'>,
  name = 'admin',
  password = adminPassword,
): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('Operator').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

/** Gives the page the session of the operator `admin`, who has signed in elsewhere: by the form that takes a second of work. */
export async function signIn(page: Page, { server, admin }: Running): Promise<void> {
  const [name = '', value = ''] = admin.cookie.split('=');
  await page.context().addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Strict' }]);
}

/** Goes to an address of the dashboard as the operator `admin`. */
export async function visit(page: Page, running: Running, address = '/'): Promise<void> {
  await signIn(page, running);
  await page.goto(running.server.url + address);
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
  // Together with what the save does to clients it is known whether it takes something from many: their number is typed then.
  await dialog.getByText('Unaffected', { exact: true }).waitFor();
  const guard = dialog.getByText(/^This takes something from/);
  if (await guard.isVisible()) {
    const [, clients = ''] = /from (\d+) of/.exec(await guard.innerText()) ?? [];
    await dialog.getByLabel(/^This takes something from/).fill(clients);
  }
  await dialog.getByRole('button', { name: /^Save \d+ changes?$/ }).click();
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

const PILL = 'Live data: ';

/** Resolves when the pill in the header says this of the live connection. */
export async function seeLiveStatus(page: Page, words: RegExp, timeoutMs = 20_000): Promise<void> {
  const pill = page.getByRole('button', { name: PILL });
  const says = async () => words.test((await pill.getAttribute('aria-label'))?.slice(PILL.length) ?? '');
  await waitFor(says, { what: `the pill to say ${String(words)}`, timeoutMs });
}

/** Picks one of a segmented control by its word. */
async function choose(form: Locator, group: string, word: string): Promise<void> {
  await form.getByRole('radiogroup', { name: group }).getByText(word, { exact: true }).click();
}
