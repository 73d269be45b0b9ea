import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { openPage } from '../../testing/open-page.js';
import { someFacts } from './testing/presence-factories.js';

let close = () => {};
afterEach(() => {
  close();
  localStorage.clear();
  vi.unstubAllGlobals();
});

async function open() {
  const items = [{ ...someFacts({ clientId: 'pump-1' }), since: '2026-01-01T00:00:00Z', seq: 1 }];
  const body = { items, next: null, seq: 10, online: 1, offline: 0, gone: 0 };
  const page = await openPage('operator', '/clients', { 'GET /clients': () => ({ body }) });
  close = page.close;
  await screen.findByText('pump-1');
}

const headers = () =>
  screen
    .getAllByRole('columnheader')
    .map(({ textContent }) => textContent)
    .filter((text) => text !== 'Chosen' && text !== 'Actions');
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

test('columns are shown, moved and made wider with buttons, for the next time, too', async () => {
  await open();
  expect(headers()).toEqual([
    'Status',
    'Client id↑',
    'User',
    'Protocol',
    'Address',
    'Since',
    'Subscriptions',
    'In flight, queued',
    'In, out per s',
    'Reason',
    'Connected for',
  ]);
  press('Columns');
  const chooser = await screen.findByRole('dialog', { name: 'Columns' });
  fireEvent.click(within(chooser).getByRole('checkbox', { name: 'Reason' }));
  fireEvent.click(within(chooser).getByRole('checkbox', { name: 'Node' }));
  press('Move Since to the left');
  press('Make Since wider');
  const loads = ['Subscriptions', 'In flight, queued', 'In, out per s'];
  const wanted = ['Status', 'Client id↑', 'User', 'Protocol', 'Since', 'Address', ...loads, 'Connected for', 'Node'];
  await waitFor(() => expect(headers()).toEqual(wanted));
  const row = screen.getByText('pump-1').closest<HTMLElement>('[role="row"]')!;
  expect(within(row).getByText('perch-1')).toBeTruthy();
  expect(screen.getByRole('grid').style.getPropertyValue('--table-columns')).toContain('124px');
  close();
  await open();
  expect(headers()).toEqual(wanted);
  press('Columns');
  fireEvent.click(await screen.findByRole('button', { name: 'Reset' }));
  await waitFor(() => expect(headers()).toContain('Reason'));
});
