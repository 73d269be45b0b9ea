import { afterAll, beforeAll, expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow, OperatorApi } from '../support/operator-api.js';
import { PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';

const SESSIONS = Number(process.env['LOAD_SESSIONS'] ?? 100_000);
const MESSAGES_EACH = 10;
const LONG_QUEUE = 10_000;
const PAYLOAD_BYTES = 200;
const JOY = { username: 'joy', password: 'joy-password-1' };
/** "Do not delay accepting connections by more than a few seconds", on the machine that this is meant for. */
const MAX_START_MS = 30_000;

const MIB = 1024 * 1024;
let server: PerchServer;

const say = (text: string) => void process.stdout.write(`load: ${text}\n`);

beforeAll(async () => {
  server = await PerchServer.start({ keepsLog: true });
  const admin = await OperatorApi.admin(server);
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', '#')]);
  const startedAt = performance.now();
  await fill();
  say(`${SESSIONS} sessions with ${SESSIONS * MESSAGES_EACH} messages written in ${since(startedAt)}`);
  await server.interrupt();
}, 900_000);

afterAll(() => server.stop());

/** Ten sessions share ten messages; the last session has a long queue of its own. */
async function fill(): Promise<void> {
  const last = SESSIONS + 1;
  await server.query(
    `INSERT INTO sessions
     SELECT n, 'load-' || n, 'joy', '127.0.0.1', 'mqtt3.1.1', now(), 604800, now(), 0, NULL
     FROM generate_series(1, $1::int) n`,
    [last],
  );
  await server.query(
    `INSERT INTO session_subscriptions
     SELECT n, sha256('load/#'::bytea), 'load/#', 1, false, false, NULL FROM generate_series(1, $1::int) n`,
    [last],
  );
  await server.query(
    `INSERT INTO session_messages
     SELECT id, 'load/' || id % 100, convert_to(rpad((id - 1)::text, ${PAYLOAD_BYTES}), 'UTF8'), 1, false, NULL, 'writer', now(), NULL
     FROM generate_series(1, $1::int) id`,
    [SESSIONS + LONG_QUEUE],
  );
  await server.query(
    `INSERT INTO session_deliveries
     SELECT n, seq, (n - 1) / 10 * 10 + seq, ${PAYLOAD_BYTES}, 1, false, false, NULL, NULL
     FROM generate_series(1, $1::int) n, generate_series(1, ${MESSAGES_EACH}) seq`,
    [SESSIONS],
  );
  await server.query(
    `INSERT INTO session_deliveries
     SELECT $1::int, seq, $1::int - 1 + seq, ${PAYLOAD_BYTES}, 1, false, false, NULL, NULL FROM generate_series(1, ${LONG_QUEUE}) seq`,
    [last],
  );
  await server.query('ANALYZE');
}

function connect(clientId: string): Promise<Device> {
  return Device.connect(server.mqttUrl, { clientId, clean: false, protocolVersion: 4, ...JOY });
}

const numbers = (device: Device) => device.messages.map(({ text }) => Number(text));
const from = (start: number, count: number) => Array.from({ length: count }, (_, index) => start + index);

test(
  'the server starts with all of them within seconds, and each queue drains in order',
  { timeout: 300_000 },
  async () => {
    const startedAt = performance.now();
    await server.restart();
    const first = await connect('load-4711');
    const startMs = performance.now() - startedAt;
    say(
      `first CONNACK ${since(startedAt)} after the start, ${Math.round((await server.memoryBytes()) / MIB)} MiB of memory`,
    );
    expect(first.sessionPresent).toBe(true);
    await waitFor(() => first.messages.length >= MESSAGES_EACH, { what: 'the queue of one' });
    expect(numbers(first)).toEqual(from(4710, MESSAGES_EACH));

    const drainedAt = performance.now();
    const long = await connect(`load-${SESSIONS + 1}`);
    await waitFor(() => long.messages.length >= LONG_QUEUE, { what: 'the long queue', timeoutMs: 120_000 });
    say(`${LONG_QUEUE} messages of one session taken in ${since(drainedAt)}`);
    expect(numbers(long)).toEqual(from(SESSIONS, LONG_QUEUE));

    const manyAt = performance.now();
    const many = await Promise.all(from(1, 200).map((n) => connect(`load-${n * 7}`)));
    await waitFor(() => many.every(({ messages }) => messages.length >= MESSAGES_EACH), { what: 'many queues' });
    say(
      `${many.length} sessions connected and drained in ${since(manyAt)}, ${Math.round((await server.memoryBytes()) / MIB)} MiB`,
    );
    for (const [index, device] of many.entries()) {
      expect(numbers(device)).toEqual(from(Math.floor(((index + 1) * 7 - 1) / 10) * 10, MESSAGES_EACH));
    }
    expect(startMs).toBeLessThan(MAX_START_MS);
  },
);

function since(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
