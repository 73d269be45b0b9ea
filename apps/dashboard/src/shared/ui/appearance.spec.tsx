import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { openApp } from '../../testing/open-app.js';
import { VirtualTable } from './virtual-table.js';

let close = () => {};
afterEach(() => {
  close();
  vi.restoreAllMocks();
  localStorage.clear();
});

async function open(address: string, answers: Parameters<typeof openApp>[1]) {
  const app = await openApp(address, answers);
  close = app.close;
}

const root = document.documentElement;
const sessions = { 'GET /api/v1/account/sessions': { body: { items: [] } } };

test('rows stand as close as one wants, here and whenever one comes back', async () => {
  await open('/account', sessions);
  const compact = await screen.findByRole('radio', { name: 'Compact' });
  expect(root.dataset['density']).toBe('normal');
  fireEvent.click(compact);
  expect(root.dataset['density']).toBe('compact');
  close();
  await open('/account', sessions);
  expect((await screen.findByRole<HTMLInputElement>('radio', { name: 'Compact' })).checked).toBe(true);
  expect(root.dataset['density']).toBe('compact');
});

test('the rows of a table that is open move when it is chosen in another tab', () => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  const { container, unmount } = render(
    <MantineProvider>
      <VirtualTable label="Rows" columns={[]} rows={['a', 'b']} rowKey={String} Cells={() => null} onOpen={() => {}} />
    </MantineProvider>,
  );
  close = unmount;
  const second = () => container.querySelector<HTMLElement>('[data-index="1"]')?.style.transform;
  expect(second()).toBe('translateY(36px)');
  localStorage.setItem('perch-density', '"compact"');
  act(
    () =>
      void window.dispatchEvent(
        new StorageEvent('storage', { key: 'perch-density', newValue: '"compact"', storageArea: localStorage }),
      ),
  );
  expect(second()).toBe('translateY(30px)');
});

test('whoever wants nothing to move says so, and a choice that nobody knows counts as none', async () => {
  localStorage.setItem('perch-density', '"tiny"');
  await open('/account', sessions);
  const still = await screen.findByRole('switch', { name: /^Nothing moves/ });
  expect(root.dataset['density']).toBe('normal');
  expect(root.dataset['still']).toBe('false');
  fireEvent.click(still);
  expect(root.dataset['still']).toBe('true');
});
