import { describe, expect, test } from 'vitest';
import { binary, type PacketPart, packetOf, properties, raw, uint16, uint32 } from './mqtt-bytes.js';
import { WireRules, type Terms } from './wire-rules.js';

const none = properties();
const id = uint16(7);
const connack = packetOf(0x20, 0, 0, none);
const terms: Terms = {
  receiveMaximum: 1,
  maximumPacketSize: 60,
  topicAliasMaximum: 1,
  requestProblemInformation: false,
};

/** What the rules say to these packets, after a CONNACK. */
function faultOf(...packets: readonly Buffer[]): string | null {
  const rules = new WireRules();
  rules.connected(terms);
  return rules.fault(Buffer.concat([connack, ...packets]));
}

const publish = (...parts: PacketPart[]) => packetOf(0x30, ...parts);

describe('the rules for what a server sends', () => {
  test.each<[string, ...Buffer[]]>([
    ['type', packetOf(0x10)],
    ['flags', packetOf(0x41, id)],
    ['flags', packetOf(0x60, id)],
    ['second CONNACK', connack],
    ['follows the last', packetOf(0xe0, 0x82), packetOf(0xd0)],
    ['AUTH', packetOf(0xf0, 0x18, none)],
    ['too large', publish('a', none, raw('x'.repeat(60)))],
    ['QoS and DUP', packetOf(0x38, 'a', none)],
    ['QoS and DUP', packetOf(0x36, 'a', id, none)],
    ['wildcard', publish('a/#', none)],
    ['a string', publish(binary(0xc3, 0x28), none)],
    ['packet id 0', packetOf(0x32, 'a', uint16(0), none)],
    ['in use', packetOf(0x32, 'a', id, none), packetOf(0x32, 'b', id, none)],
    ['more in flight', packetOf(0x32, 'a', id, none), packetOf(0x34, 'b', uint16(8), none)],
    ['neither topic nor alias', publish('', none)],
    ['out of bounds', publish('a', properties(0x23, uint16(2)))],
    ['never set', publish('', properties(0x23, uint16(1)))],
    ['property 18', publish('a', properties(0x18, uint32(1)))],
    ['property 11', packetOf(0xe0, 0, properties(0x11, uint32(1)))],
    ['property 3 twice', publish('a', properties(0x03, 'x', 0x03, 'y'))],
    ['overrun', publish('a', 1, 0x03, 'b')],
    ['more bytes than it needs', publish('a', 0x80, 0)],
    ['runs out', publish('a', 5, 0x03)],
    ['reason 88', packetOf(0x40, id, 0x88)],
    ['reason 92', packetOf(0x50, id, 0x92)],
    ['reason 4', packetOf(0xe0, 0x04)],
    ['what is this', packetOf(0x90, id, none, 0x92)],
    ['no reason code', packetOf(0x90, id, none)],
    ['nobody wants', packetOf(0x40, id, 0x87, properties(0x1f, 'why'))],
    ['nobody wants', packetOf(0xb0, id, properties(0x26, 'a', 'b'), 0)],
  ])('see a fault: %s', (fault, ...packets) => {
    expect(faultOf(...packets)).toContain(fault);
  });

  test('see none in what is right, in whatever pieces it comes', () => {
    const rules = new WireRules();
    rules.connected(terms);
    const packets = [
      connack,
      packetOf(0x90, id, none, 1, 0x87),
      packetOf(0x32, 'a', id, properties(0x23, uint16(1), 0x26, 'a', 'b', 0x26, 'a', 'c', 0x0b, 1, 0x0b, 1)),
      publish('', properties(0x23, uint16(1)), raw('x')),
      packetOf(0x62, id),
      packetOf(0xe0, 0x82, properties(0x1f, 'why')),
    ];
    for (const byte of Buffer.concat(packets)) expect(rules.fault(Buffer.from([byte]))).toBeNull();
  });

  test('an acknowledgement ends what it acknowledges, and nothing else', () => {
    const rules = new WireRules();
    rules.connected(terms);
    const delivery = packetOf(0x34, 'a', id, none);
    rules.fault(Buffer.concat([connack, delivery]));
    for (const header of [0x40, 0x70, 0x50]) rules.sent(packetOf(header, id));
    expect(rules.fault(delivery)).toContain('in use');
    rules.sent(packetOf(0x70, id));
    expect(rules.fault(delivery)).toBeNull();
    rules.sent(packetOf(0x50, id, 0x80));
    expect(rules.fault(delivery)).toBeNull();
  });

  test('a server that answers in MQTT 3 is not measured by MQTT 5, and nothing comes before CONNACK', () => {
    expect(new WireRules().fault(Buffer.from('20020001', 'hex'))).toBeNull();
    expect(new WireRules().fault(packetOf(0xd0))).toContain('before CONNACK');
  });
});
