import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { OperatorSession } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { anAdmin, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const aSession = (fields: Partial<OperatorSession> = {}): OperatorSession => ({
  id: 's1',
  address: '127.0.0.1',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  createdAt: '2026-01-01T00:00:00Z',
  lastSeenAt: '2026-01-01T00:00:00Z',
  endsAt: '2026-01-01T12:00:00Z',
  isCurrent: true,
  ...fields,
});

const list = (...items: OperatorSession[]) => ({ 'GET /api/v1/account/sessions': { body: { items } } });

async function open(...[address, answers, operator]: Parameters<typeof openApp>) {
  const app = await openApp(address, { ...list(aSession()), ...answers }, operator);
  close = app.close;
  return app;
}

test('a browser that one does not know is logged out, not the own one', async () => {
  const other = aSession({ id: 's2', userAgent: 'curl/8.5.0', address: '10.9.9.9', isCurrent: false });
  const { api } = await open('/account', {
    ...list(aSession(), other),
    'DELETE /api/v1/account/sessions/s2': { status: 204 },
  });
  const row = await screen.findByRole('row', { name: /Firefox on Linux/ });
  expect(within(row).queryByRole('button')).toBeNull();
  api.change(list(aSession()));
  fireEvent.click(screen.getByRole('button', { name: 'Log out curl' }));
  expect(await screen.findByText('That browser is logged out')).toBeTruthy();
  expect(screen.queryByText('10.9.9.9')).toBeNull();
});

test('a wrong present password is said at its field, and nothing that was typed is lost', async () => {
  const wrong = problem(422, 'invalid-fields', 'No', {
    errors: [{ path: 'current', message: 'is not your password' }],
  });
  await open('/account', { 'POST /api/v1/account/password': wrong });
  fireEvent.change(await screen.findByLabelText('Current password'), { target: { value: 'guess' } });
  fireEvent.change(screen.getByLabelText('New password'), { target: { value: 'a new long password' } });
  fireEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('is not your password')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('New password').value).toBe('a new long password');
});

test('a second factor is scanned, proven with a code, and its recovery codes are shown once', async () => {
  const secret = 'JBSWY3DPEHPK3PXP';
  const { api } = await open('/account', {
    'POST /api/v1/account/second-factor': { body: { secret, uri: `otpauth://totp/Perch:ana?secret=${secret}` } },
    'POST /api/v1/account/second-factor/confirm': ({ body }) =>
      (body as { code: string }).code === '123456'
        ? { body: { codes: ['aaaaa-bbbbb', 'ccccc-ddddd'] } }
        : problem(422, 'invalid-fields', 'No', { errors: [{ path: 'code', message: 'is wrong' }] }),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Set up…' }));
  expect(await screen.findByRole('img', { name: /QR code/ })).toBeTruthy();
  expect(screen.getByText('JBSW Y3DP EHPK 3PXP')).toBeTruthy();
  const type = (code: string) => {
    fireEvent.change(screen.getByLabelText('The code that the app shows now'), { target: { value: code } });
    fireEvent.click(screen.getByRole('button', { name: 'Turn on' }));
  };
  type('000000');
  expect(await screen.findByText('is wrong')).toBeTruthy();
  api.change({ 'GET /api/v1/auth/me': { body: { ...anAdmin, secondFactor: true } } });
  type('123 456');
  expect(await screen.findByText(/aaaaa-bbbbb/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'I have kept them' }));
  expect(await screen.findByRole('button', { name: 'Remove…' })).toBeTruthy();
  expect(document.body.textContent).not.toContain('aaaaa');
});
