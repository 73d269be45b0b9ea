import { afterEach, expect, test } from 'vitest';
import type { Message } from '../message.js';
import type { RetainedStore } from '../ports/retained-store.js';

/** How a store is opened for the contract: `open` twice in one test means the same data, as after a restart. */
export interface RetainedStoreFixture {
  open(): Promise<RetainedStore>;
  /** Empties what the store kept. Called after each test. */
  wipe(): Promise<void>;
}

/** A retained message about nothing in particular. */
export function aRetainedMessage(parts: Partial<Message> = {}): Message {
  return {
    topic: 'a/topic',
    payload: Buffer.from('a value'),
    qos: 1,
    retain: true,
    properties: null,
    publisher: 'a-client',
    receivedAt: 1_700_000_000_123,
    expiresAt: null,
    ...parts,
  };
}

/** What every retained store promises. Call it at the top of a spec, once per store. */
export function retainedStoreContract(fixture: RetainedStoreFixture): void {
  afterEach(() => fixture.wipe());

  const reopen = async (store: RetainedStore): Promise<Map<string, Message>> => {
    await store.close();
    return contentsOf(await fixture.open());
  };

  test('a new store holds nothing', async () => {
    expect(await contentsOf(await fixture.open())).toEqual(new Map());
  });

  test('what was kept is there after a restart, unchanged', async () => {
    const store = await fixture.open();
    const message = aRetainedMessage({
      topic: 'straße/溫度/🌡',
      payload: Buffer.from([0, 1, 127, 128, 255]),
      qos: 2,
      publisher: 'café',
      expiresAt: 4_102_444_800_000,
      properties: {
        payloadFormatIndicator: true,
        contentType: 'text/plain',
        responseTopic: 'an/answer',
        correlationData: Buffer.from([0, 255, 1]),
        userProperties: [
          ['many', 'b'],
          ['one', 'a'],
          ['many', 'c"\\'],
        ],
      },
    });
    await store.keep(message);
    expect(await reopen(store)).toEqual(new Map([[message.topic, message]]));
  });

  test('the latest value of a topic wins, also among those that are kept together', async () => {
    const store = await fixture.open();
    const values = ['first', 'second', 'third'].map((text) => aRetainedMessage({ payload: Buffer.from(text) }));
    await Promise.all(values.map((message) => store.keep(message)));
    expect((await reopen(store)).get('a/topic')?.payload.toString()).toBe('third');
  });

  test('an empty payload forgets the topic, and a later value brings it back [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT5-3.3.1-6]', async () => {
    const store = await fixture.open();
    const gone = aRetainedMessage({ payload: Buffer.alloc(0) });
    await store.keep(aRetainedMessage());
    await store.keep(gone);
    expect((await reopen(store)).size).toBe(0);

    const again = await fixture.open();
    await Promise.all([again.keep(gone), again.keep(aRetainedMessage())]);
    expect((await reopen(again)).size).toBe(1);
  });

  test('forgetting an unknown topic is no error', async () => {
    const store = await fixture.open();
    await store.keep(aRetainedMessage({ topic: 'never/kept', payload: Buffer.alloc(0) }));
    expect((await reopen(store)).size).toBe(0);
  });

  test('the longest topic there can be is kept', async () => {
    const store = await fixture.open();
    const topic = Array.from({ length: 65_535 }, (_, index) => ((index * 7_919) % 36).toString(36)).join('');
    await store.keep(aRetainedMessage({ topic }));
    expect([...(await reopen(store)).keys()]).toEqual([topic]);
  });

  test('a thousand topics that are kept together are all there', async () => {
    const store = await fixture.open();
    const topics = Array.from({ length: 1_000 }, (_, index) => `room/${index}`);
    await Promise.all(topics.map((topic) => store.keep(aRetainedMessage({ topic }))));
    expect([...(await reopen(store)).keys()].sort()).toEqual(topics.sort());
  });

  test('closing waits for what was not answered yet', async () => {
    const store = await fixture.open();
    const answer = store.keep(aRetainedMessage());
    expect((await reopen(store)).size).toBe(1);
    await answer;
  });
}

async function contentsOf(store: RetainedStore): Promise<Map<string, Message>> {
  const contents = new Map<string, Message>();
  await store.load((message) => contents.set(message.topic, message));
  await store.close();
  return contents;
}
