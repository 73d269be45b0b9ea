import { describe, expect, test } from 'vitest';
import { parseAddress, parseAddressRange, rangeContains, rangeCovers } from './address.js';

function isIn(value: string, address: string): boolean {
  const range = parseAddressRange(value);
  const own = parseAddress(address);
  if (range === null || own === null) throw new Error('the test itself is wrong');
  return rangeContains(range, own);
}

describe('an address block', () => {
  test.each([
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['10.1.2.3', '::ffff:10.1.2.3', true],
    ['::ffff:10.1.2.3', '10.1.2.3', true],
    ['::ffff:a01:203', '10.1.2.3', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.9.9.9/8', '10.0.0.1', true],
    ['::ffff:10.0.0.0/104', '10.200.0.1', true],
    ['::ffff:0.0.0.0/96', '203.0.113.9', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '203.0.113.9', false],
    ['::/0', '2001:db8::1', true],
    ['192.168.4.0/22', '192.168.7.255', true],
    ['192.168.4.0/22', '192.168.8.0', false],
    ['10.0.0.4/31', '10.0.0.5', true],
    ['10.0.0.4/31', '10.0.0.6', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:DB8:0:0::1', '2001:db8::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['::1', '::1', true],
    ['::1', '::2', false],
    ['1::', '1:0:0:0:0:0:0:0', true],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201', true],
  ])('%s holds %s: %j', (value, address, expected) => {
    expect(isIn(value, address)).toBe(expected);
  });

  test.each([
    ...['', '*', '10', '10.0.0', '10.0.0.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.-1', '10.0.0.1/', '10.0.0.1/33'],
    ...[
      '10.0.0.1/08',
      '10.0.0.1/8/8',
      '10.0.0.1/+8',
      ' 10.0.0.1',
      '1.2.3.4:80',
      ':',
      ':::',
      '1::2::3',
      '::12345',
      'g::',
    ],
    ...['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::1:2:3:4:5:6:7:8', '::1/129', '1.2.3.4::', '[::1]', 'fe80::1%eth0'],
  ])('%j is none', (value) => {
    expect(parseAddressRange(value)).toBeNull();
  });

  test.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['::/0', '10.0.0.1', false],
  ])('%s covers %s: %j', (outer, inner, expected) => {
    expect(rangeCovers(parseAddressRange(outer)!, parseAddressRange(inner)!)).toBe(expected);
  });
});
