import { expect, test } from 'vitest';
import { networkOf } from './network.js';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['/run/perch.sock', '/run/perch.sock'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
