import { compilePolicy, explain, type ClientIdentity } from '@perch/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../session.js';
import { mqttClient, type MqttClient, newBroker, type TestBroker } from '../testing/index.js';
import { anySave, everythingAllowed, fewFilters, fewTopics } from '../testing/policy-arbitraries.js';
import { PATIENCE_MS, runs } from '../testing/property-runs.js';
import { settle } from '../testing/settle.js';

const CLIENTS = ['c1', 'c2', 'c3'] as const;
const anyOne = fc.nat(CLIENTS.length - 1);
const anyFilter = fc.constantFrom(...fewFilters);
const anyTopic = fc.constantFrom(...fewTopics);
const anyQos = fc.constantFrom(0 as const, 1 as const, 2 as const);
const anyPolicyStep = fc.record({ kind: fc.constant('save' as const), save: anySave, disconnect: fc.boolean() });
const subscribing = fc.record({ kind: fc.constant('subscribe' as const), who: anyOne, filter: anyFilter, qos: anyQos });

const anyStep = fc.oneof(
  { weight: 3, arbitrary: anyPolicyStep },
  { weight: 3, arbitrary: subscribing },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), who: anyOne, filter: anyFilter }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      who: anyOne,
      topic: anyTopic,
      qos: anyQos,
      retain: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('drop' as const, 'answer' as const), who: anyOne }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1000, 3000) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** c1 ends with its connection, c2 and c3 are durable; c2 and c3 go by a name, c3 by a label. */
class World {
  readonly it: TestBroker;
  policy = everythingAllowed();
  readonly clients: MqttClient[] = [];
  /** How much of what each has received was judged. */
  private readonly seen: number[] = [];
  private readonly refused = new Set<string>();
  private published = 0;

  constructor() {
    const labels = (username: string | null) => (username === 'u3' ? ['press'] : []);
    this.it = newBroker({
      authenticator: { authenticate: ({ username }) => ({ accepted: true, username, labels: labels(username) }) },
      policy: this.policy,
    });
    CLIENTS.forEach((_, who) => this.connect(who));
  }

  async apply(step: Step): Promise<void> {
    this.act(step);
    await settle(this.it);
    this.judgeReceived();
    for (const who of CLIENTS.keys()) if (this.clients[who]?.isClosed) this.connect(who);
    await settle(this.it);
    this.judgeReceived();
  }

  private act(step: Step): void {
    switch (step.kind) {
      case 'save':
        this.policy = compilePolicy(step.save(this.policy.policy));
        this.it.broker.setPolicy(this.policy, { disconnect: step.disconnect });
        return this.isAsJudgedAnew();
      case 'subscribe':
        return void this.clients[step.who]?.subscribe(step.filter, { qos: step.qos });
      case 'unsubscribe':
        return void this.clients[step.who]?.unsubscribe(step.filter);
      case 'publish':
        return this.publish(step);
      case 'drop':
        return this.clients[step.who]?.drop();
      case 'answer':
        return this.answer(this.clients[step.who] as MqttClient);
      case 'pass':
        this.it.clock.advance(step.ms);
        this.it.broker.setPolicy(this.policy); // as the server does at the end of a rule
        return this.isAsJudgedAnew();
    }
  }

  private publish({ who, topic, qos, retain }: Extract<Step, { kind: 'publish' }>): void {
    const payload = `${++this.published}`;
    if (!this.allows(who, 'publish', topic)) this.refused.add(payload);
    this.clients[who]?.publish(topic, payload, { qos, retain });
  }

  /** Acknowledges everything: more may come. */
  private answer(client: MqttClient): void {
    for (const { qos, messageId = 0 } of client.received('publish')) {
      if (qos === 1) client.send({ cmd: 'puback', messageId });
      if (qos === 2) client.send({ cmd: 'pubrec', messageId }).send({ cmd: 'pubcomp', messageId });
    }
  }

  private connect(who: number): void {
    const clientId = CLIENTS[who] as string;
    this.seen[who] = 0;
    this.clients[who] = mqttClient(this.it, {
      ...{ clientId, protocolVersion: 5, clean: who === 0 },
      ...(who > 0 && { username: `u${who + 1}`, password: Buffer.from('x') }),
      properties: { receiveMaximum: 1, sessionExpiryInterval: who === 0 ? 0 : 3600 },
    });
  }

  private identity(who: number): ClientIdentity {
    const username = who === 0 ? null : `u${who + 1}`;
    return { clientId: CLIENTS[who] as string, username, address: '127.0.0.1', labels: who === 2 ? ['press'] : [] };
  }

  private allows(who: number, action: 'publish' | 'subscribe', topic: string): boolean {
    return explain(this.policy.policy, this.identity(who), action, topic, this.it.clock.now()).allowed;
  }

  private judgeReceived(): void {
    this.clients.forEach((client, who) => {
      const received = client.received('publish');
      for (const { topic, payload } of received.slice(this.seen[who])) {
        expect(this.allows(who, 'subscribe', topic), `${CLIENTS[who]} reads ${topic}`).toBe(true);
        expect(this.refused.has(payload.toString()), `${topic} was refused`).toBe(false);
      }
      this.seen[who] = received.length;
    });
  }

  /** Whatever was skipped: every subscription is as one that is made now. */
  private isAsJudgedAnew(): void {
    const now = this.it.clock.now();
    for (const session of this.it.broker.sessions) {
      const grants = this.policy.grantsFor(session.identity, now);
      for (const { filter, ruleId, exclusions } of session.subscriptions.values()) {
        const verdict = grants.subscribe(filter);
        const { allowed, ...found } = { allowed: true, ruleId, exclusions: exclusions ?? [] };
        expect({ filter, allowed, ...found }).toEqual({
          filter,
          allowed: verdict.allowed,
          ruleId: verdict.ruleId,
          exclusions: verdict.exclusions,
        });
      }
    }
  }
}

test(
  'no message is delivered that its publisher may not publish, or that its reader may not read by the rules of that moment',
  { timeout: PATIENCE_MS },
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40, size: 'max' }), async (steps) => {
        const world = new World();
        for (const step of steps) await world.apply(step);
        expect(world.it.faults).toEqual([]);
      }),
      runs(150),
    ),
);

/** What each session had, that its new rights refuse. */
function refusedOf(session: Session, policy: World['policy'], now: number): string[] {
  const grants = policy.grantsFor(session.identity, now);
  return [...session.subscriptions.keys()].filter((filter) => !grants.subscribe(filter).allowed);
}

test(
  'a save takes exactly the subscriptions that its rules refuse, whatever it did not judge again',
  { timeout: PATIENCE_MS },
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(subscribing, { maxLength: 20 }),
        fc.array(anyPolicyStep, { maxLength: 10 }),
        async (subscribes, saves) => {
          const world = new World();
          for (const step of subscribes) await world.apply(step);
          for (const { save } of saves) {
            world.policy = compilePolicy(save(world.policy.policy));
            world.it.clock.advance(700);
            const now = world.it.clock.now();
            const expected = [...world.it.broker.sessions].flatMap((session) => refusedOf(session, world.policy, now));
            const losses = world.it.broker.setPolicy(world.policy).filter(({ kind }) => kind === 'subscription');
            expect(losses.map(({ topic }) => topic)).toEqual(expected);
            expect([...world.it.broker.sessions].flatMap((session) => refusedOf(session, world.policy, now))).toEqual(
              [],
            );
          }
        },
      ),
      runs(150),
    ),
);
