import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mqttClient, newBroker } from '../../testing/index.js';
import { MessagePeer } from '../../testing/message-peer.js';
import { PATIENCE_MS, runs } from '../../testing/property-runs.js';
import { acceptFlywheel } from './flywheel-connection.js';

interface Input {
  readonly bytes: Buffer;
  readonly isText: boolean;
}

const text = (value: string): Input => ({ bytes: Buffer.from(value), isText: true });

const topic = fc.oneof(
  fc.constantFrom('a', 'a/b', '#', '+/+', '$SYS/#', '$share/g/a', '$remote/fuzzer/rx', '$remote/#', '', '\0', 'a b'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const ODD = [null, -1, 0, 1e308, true, {}, [], [[]], { a: [1, 'x'] }, 'text', '\ud800', ['a', null, {}]];
const anything = fc.oneof({ weight: 9, arbitrary: fc.constantFrom<unknown>(...ODD) }, topic);
const topics = fc.oneof(fc.array(fc.oneof({ weight: 9, arbitrary: topic }, anything), { maxLength: 4 }), anything);

/** Objects that look like binds, with fields that are right about half of the time. */
const bind = fc.record(
  {
    sessionId: fc.oneof(fc.constantFrom('fuzzer', 'other'), anything),
    auth: fc.oneof(
      fc.record({ type: fc.constantFrom('Basic', 'Bearer', 'basic'), username: topic, password: topic, token: topic }),
      anything,
    ),
    subscribe: topics,
    unsubscribe: topics,
    metadata: anything,
    messageId: anything,
    __proto__: anything,
  },
  { requiredKeys: [] },
);

const binary = fc
  .tuple(fc.constantFrom(0x20, 0x30, 0), fc.nat({ max: 12 }), fc.uint8Array({ maxLength: 20 }))
  .map(([kind, length, rest]): Input => ({ bytes: Buffer.from([kind, 0, length, ...rest]), isText: false }));

const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: bind.map((value) => text(`B ${JSON.stringify(value)}`)) },
  { weight: 4, arbitrary: fc.tuple(topic, topic).map(([to, payload]) => text(`P ${to} ${payload}`)) },
  { weight: 3, arbitrary: binary },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map(text) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ bytes: Buffer.from(bytes), isText: false })),
  },
);

const ANSWER = /^(B \{"type":"BindResponse","errors":\[.*\],"messageId":".*"\}|R [^ ]+ [^]*|binary 30[0-9a-f]+)$/;

test(
  'whatever 20,000 inputs come, each is answered in its form, nothing throws, and others notice nothing',
  () => {
    const it = newBroker({ limits: { subscriptionsPerSession: 20, offlineClients: 10 } });
    const bystander = mqttClient(it, { clientId: 'bystander' }).subscribe('bystander/only');
    const unread: string[] = [];
    let inputs = 0;
    let conversations = 0;
    fc.assert(
      fc.property(fc.array(input, { minLength: 40, maxLength: 48 }), (all) => {
        const fuzzer = new MessagePeer(it, (link) => acceptFlywheel(it.broker, link));
        for (const { bytes, isText } of all) {
          fuzzer.deliver(bytes, isText);
          unread.push(...fuzzer.take().filter((answer) => !ANSWER.test(answer)));
          inputs++;
        }
        expect(fuzzer.isClosed).toBe(false);
        fuzzer.leave();
        expect(unread).toEqual([]);
        bystander.publish('bystander/only', `${++conversations}`);
        expect(bystander.messages.splice(0)).toEqual([`bystander/only=${conversations}`]);
        bystander.packets.length = 0;
      }),
      { seed: 20261121, ...runs(500) },
    );
    expect(inputs).toBeGreaterThanOrEqual(20_000);
    expect([it.faults, it.broker.sessions.size]).toEqual([[], 1]);
  },
  PATIENCE_MS,
);
