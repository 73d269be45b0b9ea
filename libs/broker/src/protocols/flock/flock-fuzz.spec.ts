import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mqttClient, newBroker } from '../../testing/index.js';
import { MessagePeer } from '../../testing/message-peer.js';
import { PATIENCE_MS, runs } from '../../testing/property-runs.js';
import { acceptFlock } from './flock-connection.js';

const topic = fc.oneof(
  fc.constantFrom('a', 'a/b', '#', '+/+', '$SYS/#', '$share/g/a', '$remote/#', '', '\0'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const ODD = [null, -1, 0, 1e308, true, {}, [], [[]], { a: [1, 'x'] }, 'text', '\ud800', ['a', null, {}]];
const anything = fc.oneof({ weight: 9, arbitrary: fc.constantFrom<unknown>(...ODD) }, topic);
const nearRequest = fc.record(
  {
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('Subscribe', 'Unsubscribe', 'Authenticate', 'Ping') },
      { weight: 1, arbitrary: anything },
    ),
    topic: fc.oneof({ weight: 9, arbitrary: topic }, { weight: 1, arbitrary: anything }),
    request_id: fc.oneof({ weight: 9, arbitrary: fc.oneof(fc.nat(), topic) }, { weight: 1, arbitrary: anything }),
    username: topic,
    password: topic,
  },
  { requiredKeys: ['type', 'topic'] },
);
const input = fc.oneof(
  { weight: 12, arbitrary: nearRequest.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

const ANSWER = /^(pong|\{"type":"(response|event)",.*\})$/s;

test(
  'whatever 20,000 inputs come, each is answered or ends its own connection, and others notice nothing',
  () => {
    const it = newBroker({ limits: { subscriptionsPerSession: 20, offlineClients: 10 } });
    const bystander = mqttClient(it, { clientId: 'bystander' }).subscribe('bystander/only');
    const unread: string[] = [];
    let inputs = 0;
    let conversations = 0;
    fc.assert(
      fc.property(fc.array(input, { minLength: 40, maxLength: 48 }), (all) => {
        let fuzzer = new MessagePeer(it, (link) => acceptFlock(it.broker, link));
        for (const text of all) {
          if (fuzzer.isClosed) fuzzer = new MessagePeer(it, (link) => acceptFlock(it.broker, link));
          fuzzer.sendText(text);
          inputs++;
          const answers = fuzzer.take();
          unread.push(...answers.filter((answer) => !ANSWER.test(answer)));
          if (fuzzer.closedWith) expect(fuzzer.closedWith.code).toBe(1007);
          else expect(answers.length).toBeGreaterThan(0);
        }
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
