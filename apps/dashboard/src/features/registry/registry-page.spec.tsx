import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { RegistryDoc, RegistryLease } from '../../shared/api/generated/types.gen.js';
import { type Answers, problem } from '../../testing/api-server.js';
import { aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const operator = { ...aViewer, permissions: [...new Set([...aViewer.permissions, 'clients:read' as const])] };

async function open(address: string, answers: Answers) {
  const app = await openApp(address, answers, operator);
  close = app.close;
}

const lease = (parts: Partial<RegistryLease> = {}): RegistryLease => ({
  service: 'mail',
  instanceId: 'mail-1',
  address: '10.0.0.7',
  port: 8025,
  registeredBy: 'joy',
  registeredFrom: '10.0.0.9',
  since: new Date(Date.now() - 3_600_000).toISOString(),
  renewedAt: new Date(Date.now() - 7_000).toISOString(),
  leftSeconds: 23,
  ...parts,
});

const list = (...items: RegistryLease[]): Answers => {
  const body: RegistryDoc = { items, matching: items.length, total: items.length };
  return { 'GET /api/v1/registry': { body } };
};

test('each instance is told with who registered it, where it is, and what is left of its lease', async () => {
  await open('/services', list(lease(), lease({ instanceId: 'mail-2', address: '::1', registeredFrom: null })));
  const table = await screen.findByRole('table', { name: 'Instances' });
  const [, first, second] = within(table)
    .getAllByRole('row')
    .map(({ textContent }) => textContent);
  expect(first).toContain('mail-110.0.0.7:8025joyfrom 10.0.0.9');
  expect(first).toContain('23 s left');
  expect(second).toContain('[::1]:8025joy');
  expect(screen.getByText('2 of 2 instances')).toBeTruthy();
});

test('without any the page says how to register one; a filter that fits nothing can be cleared', async () => {
  await open('/services', list());
  expect(await screen.findByText('No service is registered')).toBeTruthy();
  close();
  await open('/services?q=none', list());
  fireEvent.click(await screen.findByRole('button', { name: 'Clear the filter' }));
  expect(await screen.findByText('No service is registered')).toBeTruthy();
});

test('what cannot be read says so', async () => {
  await open('/services', { 'GET /api/v1/registry': problem(400, 'bad-request', 'No such page') });
  expect((await screen.findByRole('alert')).textContent).toContain('No such page');
});
