import type { WelcomeFrame } from '@perch/wire';
import { describe, expect, test } from 'vitest';
import { aPolicy, jsonClient, mqttClient, newBroker, type JsonClient, type TestBroker } from '../../testing/index.js';

/** A client whose session can be resumed, subscribed to `a/#`. */
function aResumable(it: TestBroker, who: { clientId?: string; username?: string } = {}): JsonClient {
  return jsonClient(it, { clientId: 'c', resume: true, ...who }).subscribe('a/#');
}

/** Comes back to the session of a client that was lost; `offset` is where it was, unless it says otherwise. */
function comeBack(it: TestBroker, lost: JsonClient, more: { offset?: number; username?: string } = {}): JsonClient {
  const { session = '' } = welcomeOf(lost);
  const { offset = lost.last('messages')?.offset ?? 0, ...who } = more;
  return jsonClient(it, { clientId: 'c', resume: { session, offset }, ...who });
}

const welcomeOf = (client: JsonClient): WelcomeFrame => client.last('welcome') as WelcomeFrame;

describe('a session that can be resumed', () => {
  test('says how, and numbers what it is sent', () => {
    const it = newBroker();
    const client = aResumable(it);
    expect(welcomeOf(client)).toMatchObject({ offset: 0, resumeMs: 120_000 });
    expect(welcomeOf(client).session).toMatch(/^[\w-]{24}$/);
    client.publish('a/1', 'x').publish('a/2', 'y');
    const offsets = client.frames.flatMap((frame) => (frame.type === 'messages' ? [frame.offset] : []));
    expect(offsets).toEqual([1, 2]);
  });

  test('goes on after a break: what came meanwhile is there, in order, once, with its subscriptions', () => {
    const it = newBroker();
    const lost = aResumable(it);
    const publisher = mqttClient(it).publish('a/1', 'before');
    it.clock.turn();
    lost.vanish();
    expect(it.broker.presence.get('c')?.online).toBe(false);
    publisher.publish('a/2', 'meanwhile').publish('b', 'not for it').publish('a/3', 'meanwhile, too');
    const back = comeBack(it, lost);
    publisher.publish('a/4', 'after');
    it.clock.turn();
    expect(welcomeOf(back)).toMatchObject({ resumed: true, lost: 0, offset: 1, session: welcomeOf(lost).session });
    expect(back.messages).toEqual(['a/2=meanwhile', 'a/3=meanwhile, too', 'a/4=after']);
    expect(back.last('messages')?.offset).toBe(4);
    expect(it.broker.counters.resumes).toBe(1);
  });

  test('sends again what was sent and had not come', () => {
    const it = newBroker();
    const lost = aResumable(it).publish('a/1', '1').publish('a/2', '2').publish('a/3', '3');
    lost.vanish();
    expect(comeBack(it, lost, { offset: 1 }).messages).toEqual(['a/2=2', 'a/3=3']);
  });

  test('can be taken over before the broker has noticed the break', () => {
    const it = newBroker();
    const lost = aResumable(it).stall();
    mqttClient(it).publish('a/1', '1').publish('a/2', '2');
    it.clock.turn();
    const back = comeBack(it, lost, { offset: 0 });
    expect([lost.closedWith?.code, back.messages]).toEqual([4409, ['a/1=1', 'a/2=2']]);
  });

  test('can be resumed again and again', () => {
    const it = newBroker();
    const publisher = mqttClient(it);
    let client = aResumable(it);
    const heard: string[] = [];
    for (let i = 0; i < 5; i++) {
      publisher.publish('a', `${i}`);
      it.clock.turn();
      client.vanish();
      publisher.publish('a', `${i} meanwhile`);
      heard.push(...client.messages);
      client = comeBack(it, client);
    }
    heard.push(...client.messages);
    expect(heard).toEqual([0, 1, 2, 3, 4].flatMap((i) => [`a=${i}`, `a=${i} meanwhile`]));
  });
});

describe('what is lost is told', () => {
  test('messages beyond the bounds of the window, oldest first', () => {
    const it = newBroker({ limits: { resumeMessages: 10 } });
    const lost = aResumable(it);
    lost.vanish();
    const publisher = mqttClient(it);
    for (let i = 1; i <= 15; i++) publisher.publish('a', `${i}`);
    const back = comeBack(it, lost);
    expect(welcomeOf(back)).toMatchObject({ resumed: true, lost: 5, offset: 5 });
    expect([back.messages[0], back.messages.length, back.last('messages')?.offset]).toEqual(['a=6', 10, 15]);
    expect(it.broker.counters.missedAtResume).toBe(5);
  });

  test.each([{ resumeBytes: 1000 }, { resumeBytesTotal: 1000 }])('bytes are bounded, too: %o', (limits) => {
    const it = newBroker({ limits });
    const lost = aResumable(it);
    lost.vanish();
    const publisher = mqttClient(it);
    for (let i = 0; i < 100; i++) publisher.publish('a', 'x'.repeat(50));
    expect(it.broker.away.bytes).toBeLessThanOrEqual(1000);
    const back = comeBack(it, lost);
    expect(back.messages.length + (welcomeOf(back).lost ?? 0)).toBe(100);
  });

  test('what a slow reader was not sent, in the frame after it', () => {
    const it = newBroker({ limits: { outboxBytes: 2000 } });
    const client = aResumable(it).stall();
    // One each: a publisher is held back as soon as somebody is behind.
    for (let i = 1; i <= 100; i++) mqttClient(it).publish('a', `${i}`);
    client.readOn();
    const counted = client.frames.map((frame) => (frame.type === 'messages' ? frame.messages.length : 0));
    const lost = client.frames.map((frame) => (frame.type === 'messages' ? (frame.lost ?? 0) : 0));
    const sum = (list: number[]) => list.reduce((all, one) => all + one, 0);
    expect(sum(lost)).toBeGreaterThan(50);
    expect(sum(lost) + sum(counted)).toBe(100);
  });

  test('a session that has ended: after its time, after a good-bye, and after a kick', () => {
    const ends: ((it: TestBroker, client: JsonClient) => void)[] = [
      (it, client) => {
        client.vanish();
        it.clock.advance(121_000);
      },
      (_, client) => client.leave(),
      (it) => void it.broker.disconnect('c'),
    ];
    for (const end of ends) {
      const it = newBroker();
      const lost = aResumable(it);
      end(it, lost);
      expect([it.broker.sessions.size, it.broker.away.windows, it.broker.away.bytes]).toEqual([0, 0, 0]);
      const back = comeBack(it, lost);
      expect(welcomeOf(back)).toMatchObject({ resumed: false, offset: 0 });
      expect(welcomeOf(back).session).not.toBe(welcomeOf(lost).session);
    }
  });

  test('subscriptions that were taken away meanwhile, and what they had brought is not sent', () => {
    const it = newBroker();
    const lost = aResumable(it).subscribe('b');
    lost.vanish();
    mqttClient(it).publish('a/1', '1').publish('b', '2');
    it.broker.setPolicy(aPolicy({ topics: ['b'] }));
    const back = comeBack(it, lost);
    expect(back.last('revoked')?.filters).toEqual(['a/#']);
    expect([back.messages, welcomeOf(back).lost]).toEqual([['b=2'], 0]);
  });
});

describe('a session is nobody else’s', () => {
  test('another user who knows its name begins a new one', () => {
    const it = newBroker();
    const lost = aResumable(it, { username: 'joy' });
    lost.vanish();
    mqttClient(it).publish('a/1', 'for joy');
    const other = comeBack(it, lost, { username: 'ann' });
    expect([welcomeOf(other).resumed, other.messages]).toEqual([false, []]);
  });

  test('a client that does not know its name ends it, whichever protocol it speaks', () => {
    const it = newBroker();
    for (const take of [
      () => jsonClient(it, { clientId: 'c' }),
      () => mqttClient(it, { clientId: 'c', clean: false }),
    ]) {
      aResumable(it).vanish();
      take();
      expect([it.broker.away.windows, it.broker.sessions.get('c')?.subscriptions.size]).toEqual([0, 0]);
    }
  });
});

describe('the bounds of all sessions', () => {
  test('without room for one more a session is not to be resumed, and says so by saying nothing', () => {
    const it = newBroker({ limits: { resumableSessions: 1 } });
    aResumable(it, { clientId: 'first' });
    expect(welcomeOf(aResumable(it)).session).toBeUndefined();
  });

  test('what a ping says has come is kept no longer', () => {
    const it = newBroker();
    const client = aResumable(it).publish('a', '1').publish('a', '2');
    const before = it.broker.away.bytes;
    client.send({ type: 'ping', offset: 1 });
    expect(it.broker.away.bytes).toBe(before / 2);
    client.send({ type: 'ping', offset: 99 });
    expect(it.broker.away.bytes).toBe(0);
  });

  test('an expired message is not sent late', () => {
    const it = newBroker();
    const lost = aResumable(it);
    lost.vanish();
    mqttClient(it, { protocolVersion: 5 })
      .publish('a', 'old', { properties: { messageExpiryInterval: 5 } })
      .publish('a', 'new');
    it.clock.advance(6000);
    expect(comeBack(it, lost).messages).toEqual(['a=new']);
  });
});

test('a retained replay that a break has cut goes on', () => {
  const it = newBroker();
  const publisher = mqttClient(it);
  for (let i = 0; i < 700; i++) publisher.publish(`a/${i}`, 'x', { retain: true });
  const lost = jsonClient(it, { clientId: 'c', resume: true }).stall().subscribe('a/#');
  lost.vanish();
  const back = comeBack(it, lost);
  expect(lost.messages.length + back.messages.length).toBe(700);
});
