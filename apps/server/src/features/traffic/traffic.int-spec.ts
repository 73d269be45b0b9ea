import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import { TrafficWatch } from './traffic-watch.js';
import type { Traffic } from './traffic.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
});
afterAll(() => api?.app.close());

/** The answer after the sessions were looked at once more. */
async function traffic(): Promise<Traffic> {
  await api.app.app.get(TrafficWatch, { strict: false }).scan.scan();
  return (await api.viewer.get<Traffic>('/traffic')).body;
}

test('who talks most comes first, also when it has gone, and over its connections', async () => {
  const listener = await device(api.app, { clientId: 'listener' });
  listener.subscribe('t/#');
  const talk = async (times: number) => {
    const talker = await device(api.app, { clientId: 'talker' });
    for (let each = 0; each < times; each++) talker.publish('t/1', 'x');
    await vi.waitFor(() => expect(listener.messages.length).toBeGreaterThanOrEqual(times));
    talker.drop();
  };
  await talk(3);
  await traffic();
  await talk(4);
  await vi.waitFor(() => expect(listener.messages).toHaveLength(7));
  const { talkers, at } = await traffic();
  expect(at).not.toBeNull();
  const figures = talkers.map(({ clientId, messagesIn, messagesOut }) => [clientId, messagesIn, messagesOut]);
  expect(figures.toSorted()).toEqual([
    ['listener', 0, 7],
    ['talker', 7, 0],
  ]);
});

test('who is behind is listed with what waits for it', async () => {
  const sleeper = await device(api.app, { clientId: 'sleeper', clean: false });
  sleeper.subscribe('owed/#', { qos: 1 });
  await vi.waitFor(() => expect(sleeper.last('suback')).toBeDefined());
  sleeper.drop();
  const publisher = await device(api.app, { clientId: 'publisher' });
  publisher.publish('owed/a', '12345', { qos: 1 });
  await vi.waitFor(() => expect(publisher.last('puback')).toBeDefined());
  const { slow } = await traffic();
  expect(slow).toMatchObject([{ clientId: 'sleeper', online: false, queued: 1, dropped: 0 }]);
  const scraped = await fetch(`${api.app.url}/metrics`, { headers: { cookie: api.viewer.cookie } });
  const text = await scraped.text();
  expect(text).toContain('\nperch_queued_messages 1\n');
  expect(text).toMatch(/\nperch_client_messages_received_total\{protocol="mqtt3.1.1"\} [1-9]/);
});

test('who comes and goes is listed', async () => {
  for (let each = 0; each < 3; each++) (await device(api.app, { clientId: 'restless' })).drop();
  expect((await traffic()).flapping).toContainEqual({ clientId: 'restless', disconnects: 3 });
});
