import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemorySocket } from '../../testing/memory-socket.js';
import { TestConnection } from './test-connection.js';

beforeEach(() => {
  vi.useFakeTimers();
  MemorySocket.opened = [];
  vi.stubGlobal('WebSocket', MemorySocket);
});
afterEach(() => {
  MemorySocket.refused.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const target = {
  protocol: 'json',
  url: 'ws://broker/ws',
  clientId: 'me',
  login: null,
  cleanStart: true,
  keepAliveSeconds: 60,
  sessionExpirySeconds: 0,
} as const;

/** What is said goes over the memory socket in microtasks, a reconnect waits. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function open() {
  const connection = new TestConnection(1);
  await connection.connect(target);
  await pass();
  expect(connection.state().status).toBe('open');
  return connection;
}

const subscribe = (connection: TestConnection, filter: string) =>
  connection.subscribe({ filter, qos: 0, noLocal: false });

const statuses = (connection: TestConnection) =>
  Object.fromEntries(connection.state().subscriptions.map(({ filter, status }) => [filter, status]));

test('a filter that was refused is asked for again after a reconnect, and not called granted', async () => {
  MemorySocket.refused.add('b/#');
  const connection = await open();
  await Promise.all([subscribe(connection, 'a/#'), subscribe(connection, 'b/#'), pass()]);
  expect(statuses(connection)).toEqual({ 'a/#': 'granted', 'b/#': 'refused' });
  MemorySocket.opened.at(-1)?.cut();
  expect(connection.state().status).toBe('ended');
  await pass(60_000);
  expect(connection.state().status).toBe('open');
  expect(statuses(connection)).toEqual({ 'a/#': 'granted', 'b/#': 'refused' });
  MemorySocket.refused.clear();
  MemorySocket.opened.at(-1)?.cut();
  await pass(60_000);
  expect(statuses(connection)).toEqual({ 'a/#': 'granted', 'b/#': 'granted' });
  connection.disconnect();
});

test('what the broker had not answered when the connection ended says so, and nothing waits for it any more', async () => {
  const connection = await open();
  MemorySocket.isSilent = true;
  const publication = { topic: 'a', payload: new Uint8Array([1]), qos: 1, retain: false, properties: {} } as const;
  connection.publish(publication).catch(expect.unreachable);
  await pass();
  expect(connection.waiting).toBe(1);
  connection.disconnect();
  MemorySocket.isSilent = false;
  await pass(1_000);
  expect(connection.messages.snapshot()).toMatchObject([{ topic: 'a', direction: 'out' }]);
  expect(connection.messages.snapshot()[0]?.isLost || connection.messages.snapshot()[0]?.isRefused).toBe(true);
  expect(connection.waiting).toBe(0);
});

test('who gives up while connecting was not refused by anybody', async () => {
  const connection = new TestConnection(1);
  const connecting = connection.connect(target);
  connection.disconnect();
  await connecting;
  expect(connection.state()).toMatchObject({ status: 'ended', wasRefused: false });
});
