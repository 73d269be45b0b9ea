import type { IPublishPacket, Packet } from 'mqtt-packet';
import { beforeEach, describe, expect, test } from 'vitest';
import { Ledger } from './ledger.js';
import { makePayload } from './payload.js';
import { StrictSession, type SessionOptions } from './strict-session.js';

const CREDENTIALS = { username: 'u', password: 'p' };
const journal = { note: () => undefined };

let ledger: Ledger;
beforeEach(() => (ledger = new Ledger()));

/** A session and the broker at its other end, which says what the test wants. */
class Play {
  readonly session: StrictSession;
  sent: Packet[] = [];

  constructor(options: Partial<SessionOptions> = {}) {
    const packetIds = { first: 1, last: 4, start: 1 };
    this.session = new StrictSession(
      { clientId: 's', version: 5, isDurable: true, window: 3, receiveMaximum: null, packetIds, ...options },
      ledger,
      journal,
    );
  }

  link(sessionPresent = false): this {
    this.write(this.session.connect(CREDENTIALS));
    return this.hear({ cmd: 'connack', sessionPresent, reasonCode: 0 });
  }

  publish(qos: 0 | 1 | 2): this {
    const message = ledger.publishing({ publisher: 's', topic: 't', qos, hasProperties: true, lifetime: null });
    return this.write(this.session.publish({ message, bytes: 0 }));
  }

  hear(...packets: Packet[]): this {
    for (const packet of packets) this.write(...this.session.receive(packet));
    return this;
  }

  write(...packets: Packet[]): this {
    for (const packet of packets) this.session.sending(packet);
    this.sent.push(...packets);
    return this;
  }

  /** What it has sent since this was asked last. */
  said(): string[] {
    const words = ({ cmd, messageId, ...packet }: Packet) =>
      `${cmd}${messageId === undefined ? '' : ` ${messageId}`}${'dup' in packet && packet.dup ? ' dup' : ''}`;
    return this.sent.splice(0).map(words);
  }
}

/** A message that somebody has sent, as it comes from the broker. */
function delivery(qos: 1 | 2, messageId: number, fields: Partial<IPublishPacket> = {}): IPublishPacket {
  const message = ledger.publishing({ publisher: 'p', topic: 't', qos, hasProperties: false, lifetime: null });
  ledger.transmitting(message);
  const payload = makePayload(message.key, 40);
  return { cmd: 'publish', topic: 't', qos, messageId, payload, dup: false, retain: false, ...fields };
}

function subscribed(play: Play): Play {
  play.session.want({ filter: 't', qos: 2, identifier: null });
  play.write(...play.session.changeSubscriptions());
  const { messageId } = play.sent.at(-1)!;
  play.hear({ cmd: 'suback', messageId, granted: [2] });
  play.said();
  return play;
}

const faults = () => ledger.violations.map(({ text }) => text);

describe('outgoing', () => {
  test('what has no answer is sent again on the next link: in order, with its packet id, marked', () => {
    const play = new Play().link().publish(1).publish(2).publish(1);
    play.hear({ cmd: 'puback', messageId: 1 });
    play.said();
    play.link(true);
    expect(play.said()).toEqual(['connect', 'publish 2 dup', 'publish 3 dup']);
  });

  test('after PUBREC it is PUBREL that is sent again, until PUBCOMP', () => {
    const play = new Play().link().publish(2).publish(2);
    play.hear({ cmd: 'pubrec', messageId: 1 });
    expect(ledger.totals.acknowledged).toBe(1);
    play.said();
    play.link(true);
    expect(play.said()).toEqual(['connect', 'pubrel 1', 'publish 2 dup']);
    play.hear({ cmd: 'pubcomp', messageId: 1 });
    play.link(true);
    expect(play.said()).toEqual(['connect', 'publish 2 dup']);
    expect(faults()).toEqual([]);
  });

  test('a packet id is free again after the last answer, and not before', () => {
    const play = new Play({ window: 4 }).link().publish(2).publish(1).publish(1).publish(1);
    play.hear({ cmd: 'pubrec', messageId: 1 }, { cmd: 'puback', messageId: 3 });
    play.said();
    expect(play.session.mayPublish).toBe(true);
    play.publish(1);
    expect(play.said()).toEqual(['publish 3']);
    expect(play.session.mayPublish).toBe(false);
  });

  test("the broker's receive maximum narrows the window", () => {
    const play = new Play();
    play.session.connect(CREDENTIALS);
    play.hear({ cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: { receiveMaximum: 1 } });
    play.publish(1);
    expect(play.session.mayPublish).toBe(false);
  });

  test('what is refused is over and owed to nobody', () => {
    const play = new Play().link().publish(1).publish(2);
    play.hear({ cmd: 'puback', messageId: 1, reasonCode: 0x97 }, { cmd: 'pubrec', messageId: 2, reasonCode: 0x97 });
    expect(ledger.totals).toMatchObject({ refused: 2, acknowledged: 0 });
    expect(play.session.isIdle).toBe(true);
    expect(faults()).toEqual([]);
  });

  test('a session that is not durable gives up what has no answer', () => {
    const play = new Play({ isDurable: false }).link().publish(1);
    play.said();
    play.link();
    expect(play.said()).toEqual(['connect']);
    expect(ledger.totals.abandoned).toBe(1);
  });
});

describe('incoming', () => {
  test('QoS 2 is taken once, whatever is sent again, until PUBREL has freed its packet id', () => {
    const play = subscribed(new Play().link());
    const publish = delivery(2, 7);
    play
      .hear(publish)
      .link(true)
      .hear({ ...publish, dup: true });
    play.hear({ cmd: 'pubrel', messageId: 7 }).link(true).hear({ cmd: 'pubrel', messageId: 7 });
    expect(play.sent.filter(({ cmd }) => cmd.startsWith('pub'))).toMatchObject([
      { cmd: 'pubrec', messageId: 7 },
      { cmd: 'pubrec', messageId: 7 },
      { cmd: 'pubcomp', messageId: 7 },
      { cmd: 'pubcomp', messageId: 7, reasonCode: 0x92 },
    ]);
    expect(ledger.totals).toMatchObject({ delivered: 1, redelivered: 1 });
    expect(faults()).toEqual([]);
    play.link(true).hear({ ...publish, dup: true }); // after the end of the exchange it is a second message
    expect(ledger.violations).toMatchObject([{ kind: 'repeated' }]);
  });
});

describe('it accuses a broker that', () => {
  test('has lost the session', () => {
    new Play().link().link(false);
    expect(faults()).toEqual([expect.stringContaining('lost the session')]);
  });

  test('knows a session that never was', () => {
    new Play().link(true);
    expect(faults()).toEqual([expect.stringContaining('session present')]);
  });

  test('keeps a session that was to begin anew', () => {
    const play = new Play().link();
    play.session.startAnew();
    play.link(true);
    expect(faults()).toEqual([expect.stringContaining('session present')]);
  });

  test('but not one that has or has not taken a CONNECT whose answer was lost', () => {
    for (const isPresent of [true, false]) {
      const play = new Play();
      play.write(play.session.connect(CREDENTIALS));
      play.link(isPresent);
    }
    expect(faults()).toEqual([]);
  });

  test('answers what was not asked', () => {
    const play = new Play().link().publish(1).publish(2);
    play.hear({ cmd: 'puback', messageId: 2 }, { cmd: 'puback', messageId: 3 }, { cmd: 'pubcomp', messageId: 2 });
    play.hear({ cmd: 'suback', messageId: 4, granted: [0] });
    expect(faults()).toEqual(
      ['puback 2', 'puback 3', 'pubcomp 2', 'suback 4'].map((what) => `${what} answers nothing`),
    );
  });

  test('answers on this link what was sent on the last', () => {
    const play = new Play().link().publish(2);
    play.hear({ cmd: 'pubrec', messageId: 1 });
    play.link(true).hear({ cmd: 'pubrec', messageId: 1 });
    expect(faults()).toEqual(['pubrec 1 answers nothing']);
  });

  test('uses a packet id for two at a time', () => {
    const play = subscribed(new Play().link());
    play.session.receive(delivery(1, 7)); // its PUBACK is still to be written
    play.session.receive(delivery(1, 7));
    expect(faults()).toEqual(['packet id 7 is in use for p:0']);
  });

  test('uses a packet id before it was released, even on another link', () => {
    const play = subscribed(new Play().link());
    play.hear(delivery(2, 7)).link(true).hear(delivery(2, 7));
    expect(faults()).toEqual([expect.stringContaining('before PUBREL for p:0')]);
  });

  test('sends again without DUP', () => {
    const play = subscribed(new Play().link());
    const publish = delivery(2, 7);
    play.hear(publish).link(true).hear(publish);
    expect(faults()).toEqual([expect.stringContaining('without DUP')]);
  });

  test('sends more than receive maximum at a time', () => {
    const play = subscribed(new Play({ receiveMaximum: 2 }).link());
    play.hear(delivery(2, 7), delivery(2, 8));
    play.hear({ cmd: 'pubrel', messageId: 7 });
    play.hear(delivery(2, 9));
    expect(faults()).toEqual([]);
    play.hear(delivery(2, 10));
    expect(faults()).toEqual([expect.stringContaining('more than receive maximum')]);
  });

  test('changes a byte, or a property', () => {
    const play = subscribed(new Play().link());
    const publish = delivery(1, 7);
    const payload = Buffer.from(publish.payload);
    payload[39]! ^= 1;
    play.hear({ ...publish, payload });
    const message = ledger.publishing({ publisher: 'p', topic: 't', qos: 1, hasProperties: true, lifetime: null });
    ledger.transmitting(message);
    play.hear({ ...publish, messageId: 8, payload: makePayload(message.key, 40), properties: { contentType: 'x' } });
    expect(faults()).toEqual([
      expect.stringContaining('whose content nobody sent'),
      expect.stringContaining('its expiry'),
    ]);
  });

  test('blames a device that does nothing wrong', () => {
    new Play().link().hear({ cmd: 'disconnect', reasonCode: 0x82 });
    expect(faults()).toEqual([expect.stringContaining('DISCONNECT with 0x82')]);
  });
});
