import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Refusal, RefusalExplanation, RefusalPage } from '../../shared/api/generated/types.gen.js';
import { type Answers, problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => {
  close();
  localStorage.clear();
});

const policy = {
  revision: 4,
  author: 'ana',
  message: '',
  createdAt: '2026-01-01T00:00:00Z',
  settings: { noMatch: 'deny', wildcardOverlap: 'exclude' },
  rules: [{ id: 'r1' }, { id: 'r2' }],
};

async function open(address: string, answers: Answers, operator = anAdmin) {
  const app = await openApp(address, { 'GET /api/v1/policy': { body: policy }, ...answers }, operator);
  close = app.close;
  return app;
}

const KEY = 'a'.repeat(64);

function aRefusal(parts: Partial<Refusal> = {}): Refusal {
  return {
    key: KEY,
    clientId: 'pump-7',
    username: 'pumps',
    address: '10.0.0.7',
    labels: ['press'],
    protocol: 'mqtt5',
    action: 'publish',
    topic: 'plant/1',
    refusal: 'not-authorized',
    ruleId: 'r2',
    decider: 'rule',
    revision: 4,
    shadow: false,
    omits: null,
    count: 1204,
    firstAt: '2026-01-01T00:00:00Z',
    lastAt: '2026-01-01T01:00:00Z',
    entries: 1,
    series: [0, 4, 1200],
    ...parts,
  };
}

function aPage(items: Refusal[], parts: Partial<RefusalPage> = {}): { body: RefusalPage } {
  const times = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', stepMs: 1_800_000 };
  return { body: { items, next: null, total: 1204, summedUp: 0, notKept: 0, isCut: false, ...times, ...parts } };
}

const list = (answer: Answers[string]): Answers => ({ 'GET /api/v1/refusals': answer });

test('without any refusal the page says what will appear', async () => {
  await open('/access/denied', list(aPage([])));
  expect(await screen.findByText('Nothing was denied in this range')).toBeTruthy();
});

test('a filter without a match can be cleared', async () => {
  const { history } = await open('/access/denied?client=zoe&rule=r2', list(aPage([])));
  fireEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  await waitFor(() => expect(history.location.search).toBe(''));
});

test('a failed read says why', async () => {
  await open('/access/denied', list(problem(400, 'bad-request', 'No such range')));
  expect((await screen.findByRole('alert')).textContent).toContain('No such range');
});

test('a page whose last look failed does not say that it is live', async () => {
  const { api } = await open('/access/denied', list(aPage([aRefusal()])));
  expect(await screen.findByText('pump-7')).toBeTruthy();
  expect(screen.getByText('Live')).toBeTruthy();
  api.change(list(problem(400, 'bad-request', 'No more')));
  const said = await screen.findByText('Not live: the last look failed', undefined, { timeout: 8000 });
  expect(said).toBeTruthy();
  expect(screen.queryByText('Live')).toBeNull();
});

test('a role that may not read the policy is told which permission is missing', async () => {
  const operator = { ...aViewer, permissions: ['clients:read'] };
  await open('/access/denied', list(aPage([])), operator);
  expect(await screen.findByText(/lacks the permission policy:read/)).toBeTruthy();
});

test('a row says who, what, how often and which rule; the rule is a link', async () => {
  await open('/access/denied', list(aPage([aRefusal()])));
  const table = await screen.findByRole('table', { name: 'Refusals' });
  const row = within(table).getByText('pump-7').closest('tr') as HTMLElement;
  for (const text of ['publish', 'plant/1', '1,204', 'pumps · 10.0.0.7'])
    expect(within(row).getByText(text)).toBeTruthy();
  const link = await within(row).findByRole('link', { name: 'Rule 2' });
  expect(link.getAttribute('href')).toBe('/access/rules?rule=r2');
});

test.each<[Partial<Refusal>, string]>([
  [{ decider: 'default', ruleId: null }, 'No rule allows it'],
  [{ decider: 'own-rule', ruleId: 'x' }, 'A rule the client brought'],
  [{ decider: 'built-in', ruleId: null }, 'Nobody may do this'],
  [{ ruleId: 'r9' }, 'Rule r9, no longer there'],
  [{ decider: 'authorizer', ruleId: 'plants' }, 'Authorizer plants'],
  [{ decider: null, ruleId: null, refusal: 'bad-credentials' }, 'Wrong user or password'],
  [{ decider: null, ruleId: null, refusal: 'some-new-word' }, 'some-new-word'],
  [{ omits: 'topics', topic: null }, 'other topics'],
  [{ omits: 'clients', clientId: null, topic: null }, 'other clients'],
])('of %o it says "%s"', async (parts, words) => {
  await open('/access/denied', list(aPage([aRefusal(parts)])));
  expect(await screen.findByText(words)).toBeTruthy();
});

test('the tabs ask for what was refused at the door, and for what the shadow would refuse', async () => {
  const { api } = await open('/access/denied', list(aPage([])));
  await screen.findByText('Nothing was denied in this range');
  expect(api.asked.some((url) => url.includes('/refusals?') && url.includes('kind=access'))).toBe(true);
  fireEvent.click(screen.getByRole('tab', { name: 'Failed sign-ins' }));
  await waitFor(() => expect(api.asked.some((url) => url.includes('kind=connect'))).toBe(true));
  fireEvent.click(screen.getByRole('tab', { name: 'Shadow' }));
  await waitFor(() => expect(api.asked.some((url) => url.includes('shadow=true'))).toBe(true));
});

test('grouped rows lead to what they stand for', async () => {
  const { history } = await open('/access/denied?group=client', list(aPage([aRefusal({ entries: 12 })])));
  expect(await screen.findByText('12')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Only these' }));
  await waitFor(() => expect(history.location.search).toBe('?client=pump-7'));
});

test('what was cut or lost is said', async () => {
  await open('/access/denied', list(aPage([aRefusal()], { summedUp: 12, notKept: 3, isCut: true })));
  expect(await screen.findByText(/12 refusals since the server started are counted in rows for other/)).toBeTruthy();
  expect(screen.getByText(/3 refusals since the server started are missing/)).toBeTruthy();
  expect(screen.getByText(/only what there is since .*2026.* can be shown/)).toBeTruthy();
});

test('more pages than are read again stand still, and the page says so', async () => {
  const pages = [1, 2, 3, 4, 5].map((page) => aPage([aRefusal({ key: `${page}` })], { next: `${page}` }));
  await open('/access/denied', { 'GET /api/v1/refusals': ({ search }) => pages[Number(search.get('after'))]! });
  expect(await screen.findByText('Live')).toBeTruthy();
  for (const shown of [2, 3, 4]) {
    fireEvent.click(await screen.findByRole('button', { name: 'Load more' }));
    await screen.findByText(`${shown} shown`);
  }
  expect(screen.getByText('Older pages are open: not live')).toBeTruthy();
});

test('a muted row is away until it is shown again', async () => {
  await open('/access/denied', list(aPage([aRefusal()])));
  fireEvent.click(await screen.findByRole('button', { name: 'More for pump-7 publish plant/1' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Mute for 1 hour' }));
  await waitFor(() => expect(screen.queryByText('plant/1')).toBeNull());
  fireEvent.click(screen.getByRole('button', { name: 'Show' }));
  expect(await screen.findByText('plant/1')).toBeTruthy();
});

test('a viewer is offered neither rules nor bans', async () => {
  await open('/access/denied', list(aPage([aRefusal()])), aViewer);
  fireEvent.click(await screen.findByRole('button', { name: /^More for/ }));
  expect(await screen.findByRole('menuitem', { name: 'Try in the simulator' })).toBeTruthy();
  expect(screen.queryByRole('menuitem', { name: /rule that allows/ })).toBeNull();
  expect(screen.queryByRole('menuitem', { name: /^Ban/ })).toBeNull();
});

const step = { ruleId: 'r2', index: 1, applies: true, outcome: 'applies', text: 'It decides: deny.' } as const;
const verdict = {
  allowed: false,
  ruleId: 'r2',
  by: 'rule',
  reason: 'Denied by rule 2.',
  exclusions: [],
  steps: [step],
};

test('Explain tells the verdict of then and of now, and leads to the simulator and to a rule', async () => {
  const body = {
    refusal: aRefusal(),
    then: verdict,
    now: { ...verdict, reason: 'Still denied.' },
    note: null,
  } as RefusalExplanation;
  const { history } = await open('/access/denied', {
    ...list(aPage([aRefusal()])),
    [`GET /api/v1/refusals/${KEY}/explanation`]: { body },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Explain pump-7 publish plant/1' }));
  const drawer = await screen.findByRole('dialog', { name: 'Why it was denied' });
  expect(await within(drawer).findByText('Denied by rule 2.')).toBeTruthy();
  expect(within(drawer).getByText('Still denied.')).toBeTruthy();
  expect(within(drawer).getByText('It decides: deny.')).toBeTruthy();
  expect(history.location.search).toBe(`?entry=${KEY}`);
  const question =
    '/access/rules?tab=test&live=1&client=pump-7&username=pumps&address=10.0.0.7&labels=press&action=publish&topic=plant%2F1';
  const href = (name: string) => within(drawer).getByRole('link', { name }).getAttribute('href');
  expect(href('Try in the simulator')).toBe(question);
  expect(href('Create a rule that allows it')).toBe(`${question}&propose=allow`);
});

test('what no rule decided has a note instead of a verdict', async () => {
  const refusal = aRefusal({ action: 'connect', topic: null, decider: null, ruleId: null, refusal: 'bad-credentials' });
  await open(`/access/denied?tab=auth&entry=${KEY}`, {
    ...list(aPage([refusal])),
    [`GET /api/v1/refusals/${KEY}/explanation`]: {
      body: { refusal, then: null, now: null, note: 'No rule is asked at CONNECT.' },
    },
  });
  expect(await screen.findByText('No rule is asked at CONNECT.')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Try in the simulator' })).toBeNull();
});
