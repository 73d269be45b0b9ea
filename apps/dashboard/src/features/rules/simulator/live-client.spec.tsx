import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Client, ClientDetail } from '../../../shared/api/generated/types.gen.js';
import { openRules, policyOf, rowOf } from '../testing/open-rules.js';
import { aRule } from '../testing/rule-factories.js';

const pump: Client = {
  clientId: 'pump-1',
  online: true,
  since: '2026-01-01T00:00:00Z',
  seq: 1,
  username: 'joy',
  authenticator: 'jwt/factory',
  address: '10.0.0.7',
  protocol: 'mqtt5',
  node: 'n1',
  reason: null,
  hasSession: true,
  connectedForMs: null,
};

const session: NonNullable<ClientDetail['session']> = {
  keepAliveSeconds: 60,
  cleanStart: true,
  connectedAt: '2026-01-01T00:00:00Z',
  port: 1883,
  inFlight: 0,
  inFlightMax: 512,
  listener: 'mqtt',
  certificateName: null,
  queued: 0,
  queuedMax: 1000,
  awaitingRelease: 0,
  dropped: 0,
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: null,
  bytesOut: null,
  recentTopics: [],
  will: null,
  subscriptions: [],
  labels: ['field'],
  own: { place: 'before', rules: [{ ...aRule({ id: 'mine', effect: 'deny' }), topics: ['alpha/secret'] }] },
};

const forField = aRule({ id: 'field', subject: 'label', value: 'field', topics: ['alpha/#'] });

const routes = (detail: Partial<ClientDetail> = {}) => ({
  'GET /policy': () => ({ body: policyOf([forField]) }),
  'GET /clients': () => ({ body: { items: [pump], next: null, seq: 1, online: 1, offline: 0 } }),
  'GET /clients/pump-1': () => ({ body: { ...pump, durable: false, session, ...detail } satisfies ClientDetail }),
});

async function pick() {
  const field = (await screen.findAllByLabelText('As client'))[0]!;
  fireEvent.focus(field);
  fireEvent.click(await screen.findByRole('option', { name: 'pump-1', hidden: true }));
}

test('a live client that is picked comes with its user, address and labels, and with the rules that it brought along', async () => {
  await openRules('operator', routes(), '/access/rules?topic=alpha%2F1');
  await rowOf('alpha/#');
  await pick();
  expect(await screen.findByText('Allowed')).toBeTruthy();
  expect(screen.getByDisplayValue('joy')).toBeTruthy();
  expect(screen.getByDisplayValue('10.0.0.7')).toBeTruthy();
  expect(screen.getByText('It brought 1 rule along, which is judged too.')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('To topic'), { target: { value: 'alpha/secret' } });
  expect((await screen.findByRole('region', { name: 'Why, rule by rule' })).textContent).toContain('Own rule 1');
  expect(screen.getByRole('group', { name: 'Answers' }).textContent).toContain('Denied');
  expect(screen.getByRole('group', { name: 'Answers' }).textContent).toContain(
    'Rule 1 would allow it, but a rule that the client brought along decides before.',
  );
});

test('of a live client that the address names alone, its user, labels and own rules count as well', async () => {
  await openRules('operator', routes(), '/access/rules?client=pump-1&live=1&topic=alpha%2F1');
  expect(await screen.findByText('Allowed')).toBeTruthy();
  expect(screen.getByDisplayValue('joy')).toBeTruthy();
  expect(screen.getByText('It brought 1 rule along, which is judged too.')).toBeTruthy();
});

test('as soon as somebody else is typed in, the rules that the client brought along count no more', async () => {
  await openRules('operator', routes(), '/access/rules?topic=alpha%2Fsecret');
  await rowOf('alpha/#');
  await pick();
  await screen.findByText(/^It brought 1 rule along/);
  fireEvent.change(screen.getByLabelText('User'), { target: { value: 'ann' } });
  expect(await screen.findByText('Allowed')).toBeTruthy();
  expect(screen.queryByText(/^It brought/)).toBeNull();
});

test('what cannot be read of a client is said', async () => {
  const refused = { status: 403, body: { title: 'Not permitted', detail: 'Needs clients:read' } };
  await openRules('operator', { ...routes(), 'GET /clients/pump-1': () => refused });
  await rowOf('alpha/#');
  await pick();
  expect(await screen.findByText('What is known of pump-1 could not be read')).toBeTruthy();
});
