import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { Ban, BanPage, BanPreview, CreatedBan } from '../../shared/api/generated/types.gen.js';
import { type Answers, problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const anOperator = { ...anAdmin, permissions: [...anAdmin.permissions, 'clients:write'] };

async function open(address: string, answers: Answers, operator = anOperator) {
  const app = await openApp(address, answers, operator);
  close = app.close;
  return app;
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

function aBan(parts: Partial<Ban> = {}): Ban {
  return {
    id: 'b1',
    kind: 'clientid',
    value: 'pump-7',
    state: 'active',
    reason: 'stolen',
    createdBy: 'ana',
    createdAt: '2026-01-01T00:00:00Z',
    until: null,
    liftedAt: null,
    liftedBy: null,
    hits: 1204,
    lastHitAt: '2026-01-01T00:00:00Z',
    ...parts,
  };
}

const pageOf = (...items: Ban[]): { body: BanPage } => ({ body: { items, next: null, total: items.length } });
const list = (...items: Ban[]): Answers => ({ 'GET /api/v1/bans': pageOf(...items) });

function preview(parts: Partial<BanPreview> = {}): Answers {
  const body: BanPreview = { online: 0, known: 0, sample: [], isOwnAddress: false, bannedBy: null, ...parts };
  return { 'POST /api/v1/bans/preview': { body } };
}

const created = (parts: Partial<CreatedBan> = {}) => ({ status: 201, body: { ...aBan(), disconnected: 0, ...parts } });
const form = () => screen.findByRole('dialog', { name: 'Add a ban' });
const submitIn = (dialog: HTMLElement, name: string | RegExp) =>
  within(dialog).findByRole<HTMLButtonElement>('button', { name });

test('without any ban the page says what bans are for and offers to add one', async () => {
  await open('/access/bans', list());
  expect(await screen.findByText('Nobody is banned')).toBeTruthy();
  expect(screen.getAllByRole('button', { name: 'Add ban' })).toHaveLength(2);
});

test('while bans are read the table shows its shape, not emptiness', async () => {
  let release = () => {};
  const wait = new Promise<void>((resolve) => (release = resolve));
  await open('/access/bans', { 'GET /api/v1/bans': { ...pageOf(aBan()), wait } });
  expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy();
  expect(screen.queryByText('Nobody is banned')).toBeNull();
  release();
  expect(await screen.findByText('pump-7')).toBeTruthy();
});

test('a failed read says why, names the request and can be tried again', async () => {
  const { api } = await open('/access/bans', {
    'GET /api/v1/bans': problem(422, 'invalid-fields', 'The filter is not valid'),
  });
  await screen.findAllByText('The filter is not valid');
  expect(screen.getByText('req-1')).toBeTruthy();
  api.change(list(aBan()));
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('pump-7')).toBeTruthy();
});

test('a viewer sees the bans, and is told which permission each button needs', async () => {
  const { api } = await open('/access/bans?new=clientid&value=x', list(aBan()), aViewer);
  for (const name of ['Add ban', 'Extend the ban of client pump-7', 'Lift the ban of client pump-7']) {
    const button = await screen.findByRole('button', { name });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(button);
  }
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(api.asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
});

test('somebody who may not read clients sees which permission is missing', async () => {
  await open('/access/bans', list(), { ...aViewer, permissions: ['stats:read'] });
  expect(await screen.findByText(/lacks the permission clients:read/)).toBeTruthy();
});

test('a ban says how long it still holds, why, and what it refused', async () => {
  await open(
    '/access/bans',
    list(aBan({ until: inMs(3_599_000) }), aBan({ id: 'b2', kind: 'ipaddr', value: '10.0.0.0/8' })),
  );
  const table = await screen.findByRole('table', { name: 'Bans' });
  expect(within(table).getByText(/^59 min \d+ s left$/)).toBeTruthy();
  expect(within(table).getByText('for ever')).toBeTruthy();
  expect(within(table).getAllByText('1,204')).toHaveLength(2);
  expect(within(table).getByRole('link', { name: 'pump-7' }).getAttribute('href')).toBe('/clients?c=pump-7');
  expect(within(table).queryByRole('link', { name: '10.0.0.0/8' })).toBeNull();
});

test('tab and filter are in the address and reach the server; many are read page by page', async () => {
  const many = pageOf(aBan(), aBan({ id: 'b2', value: 'pump-8' }));
  const { api, history } = await open('/access/bans', {
    'GET /api/v1/bans': ({ search }) =>
      search.has('after')
        ? pageOf(aBan({ id: 'last', value: 'the-last' }))
        : { body: { ...many.body, next: 'more', total: 101 } },
  });
  expect(await screen.findByText('2 of 101')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Load more' }));
  expect(await screen.findByText('the-last')).toBeTruthy();
  fireEvent.click(screen.getByRole('tab', { name: 'Lifted' }));
  fireEvent.change(await screen.findByRole('combobox', { name: 'Kind' }), { target: { value: 'ipaddr' } });
  fireEvent.change(screen.getByRole('textbox', { name: /^Filter/ }), { target: { value: '10.' } });
  await waitFor(() => expect(history.location.search).toBe('?state=lifted&kind=ipaddr&q=10.'));
  await waitFor(() => expect(api.asked).toContain('GET /api/v1/bans?state=lifted&kind=ipaddr&q=10.&limit=100'));
});

test('a lifted ban says by whom, and can be set again from the form', async () => {
  const ban = aBan({ state: 'lifted', liftedAt: inMs(-60_000), liftedBy: 'olga' });
  await open('/access/bans?state=lifted', { ...list(ban), ...preview() });
  expect(await screen.findByText(/by olga/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Ban again client pump-7' }));
  const field = within(await form()).getByRole<HTMLInputElement>('textbox', { name: 'Value' });
  expect(field.value).toBe('pump-7');
});

describe('the form', () => {
  test('opened by a link is filled in, says whom it would meet, and bans for an hour', async () => {
    let sent: Record<string, unknown> = {};
    const { history } = await open('/access/bans?new=clientid&value=pump-7', {
      ...list(),
      ...preview({ online: 3, known: 4, sample: [{ clientId: 'pump-7', username: null, address: null }] }),
      'POST /api/v1/bans': ({ body }) => {
        sent = body as typeof sent;
        return created({ disconnected: 3 });
      },
    });
    const dialog = await form();
    expect(await within(dialog).findByText(/^Matches 3 online clients/)).toBeTruthy();
    fireEvent.change(within(dialog).getByRole('textbox', { name: 'Reason' }), { target: { value: 'stolen' } });
    fireEvent.click(await submitIn(dialog, 'Ban and disconnect 3'));
    expect(await screen.findByText('Banned: client pump-7. Connections ended: 3')).toBeTruthy();
    expect(sent).toMatchObject({ kind: 'clientid', value: 'pump-7', reason: 'stolen' });
    const leftMs = Date.parse(String(sent.until)) - Date.now();
    expect(leftMs).toBeGreaterThan(3_500_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    await waitFor(() => expect(history.location.search).toBe(''));
  });

  test('does not send a ban of the address that its maker comes from', async () => {
    const { api } = await open('/access/bans?new=ipaddr&value=0.0.0.0/0', {
      ...list(),
      ...preview({ online: 9, isOwnAddress: true }),
    });
    const dialog = await form();
    expect(await within(dialog).findByText(/You would lock yourself out/)).toBeTruthy();
    const submit = await submitIn(dialog, /^Ban/);
    expect(submit.disabled).toBe(true);
    fireEvent.submit(submit.form!);
    expect(api.asked).not.toContain('POST /api/v1/bans');
  });

  test('names the ban that is there already, and extends that one', async () => {
    const twin = aBan({ until: inMs(3_600_000) });
    const sent: { until?: string | null }[] = [];
    await open('/access/bans?new=clientid&value=pump-7', {
      ...list(twin),
      ...preview({ bannedBy: twin }),
      'PATCH /api/v1/bans/b1': ({ body }) => {
        sent.push(body as (typeof sent)[number]);
        return { body: aBan() };
      },
    });
    const dialog = await form();
    fireEvent.click(await within(dialog).findByRole('button', { name: 'Extend that one…' }));
    const extend = await screen.findByRole('dialog', { name: 'Extend the ban of client pump-7' });
    fireEvent.click(within(extend).getByRole('radio', { name: 'For ever' }));
    fireEvent.click(within(extend).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('The ban of client pump-7 holds for ever')).toBeTruthy();
    expect(sent).toEqual([{ reason: 'stolen', until: null }]);
  });

  test('says at the field that it is no address', async () => {
    await open('/access/bans?new=ipaddr&value=ten', {
      ...list(),
      'POST /api/v1/bans/preview': problem(422, 'invalid-fields', 'Not valid', {
        errors: [{ path: 'value', message: 'must be an address or a CIDR block' }],
      }),
    });
    expect(await within(await form()).findByText('must be an address or a CIDR block')).toBeTruthy();
  });

  test('wants a date that is to come', async () => {
    await open('/access/bans?new=username&value=joy', { ...list(), ...preview() });
    const dialog = await form();
    fireEvent.click(within(dialog).getByRole('radio', { name: 'Until' }));
    await within(dialog).findByText('Matches no client that is online');
    const date = within(dialog).getByLabelText('Until when');
    fireEvent.change(date, { target: { value: '2020-01-01T00:00' } });
    expect(await within(dialog).findByText('Must be in the future')).toBeTruthy();
    expect((await submitIn(dialog, 'Ban')).disabled).toBe(true);
    fireEvent.change(date, { target: { value: '2099-01-01T00:00' } });
    await waitFor(async () => expect((await submitIn(dialog, 'Ban')).disabled).toBe(false));
  });

  test('keeps what was typed when the server refuses', async () => {
    await open('/access/bans?new=username&value=joy', {
      ...list(),
      ...preview(),
      'POST /api/v1/bans': problem(409, 'ban-exists', 'User joy is banned already, for ever.'),
    });
    const dialog = await form();
    await within(dialog).findByText('Matches no client that is online');
    fireEvent.click(await submitIn(dialog, 'Ban'));
    expect((await within(dialog).findAllByText('User joy is banned already, for ever.')).length).toBeGreaterThan(0);
    expect(within(dialog).getByRole<HTMLInputElement>('textbox', { name: 'Value' }).value).toBe('joy');
  });

  test('is opened by n', async () => {
    await open('/access/bans', { ...list(aBan()), ...preview() });
    await screen.findByText('pump-7');
    fireEvent.keyDown(document.body, { key: 'n' });
    expect(await form()).toBeTruthy();
  });
});

test('a new reason leaves the end as it is, to the second', async () => {
  const sent: unknown[] = [];
  await open('/access/bans', {
    ...list(aBan({ until: inMs(3_600_000) })),
    'PATCH /api/v1/bans/b1': ({ body }) => {
      sent.push(body);
      return { body: aBan() };
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Extend the ban of client pump-7' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByRole('textbox', { name: 'Reason' }), { target: { value: 'sold' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(sent).toEqual([{ reason: 'sold' }]));
});

test('a ban is lifted at once, and Undo sets it again with what is left', async () => {
  const until = inMs(3_600_000);
  const sent: unknown[] = [];
  await open('/access/bans', {
    ...list(aBan({ until })),
    'DELETE /api/v1/bans/b1': { body: aBan({ state: 'lifted' }) },
    'POST /api/v1/bans': ({ body }) => {
      sent.push(body);
      return created();
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Lift the ban of client pump-7' }));
  expect(await screen.findByText('Lifted: client pump-7 may connect again')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(await screen.findByText('Banned again: client pump-7')).toBeTruthy();
  expect(sent).toEqual([{ kind: 'clientid', value: 'pump-7', reason: 'stolen', until }]);
});

test('the palette opens the form of each kind', async () => {
  const { history } = await open('/access/bans', list());
  await screen.findByText('Nobody is banned');
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  fireEvent.click(await screen.findByRole('button', { name: 'Ban an address…' }));
  await form();
  expect(history.location.search).toBe('?new=ipaddr');
});
