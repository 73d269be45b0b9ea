import { describe, expect, test } from 'vitest';
import { Admission, type AdmissionLimits } from './admission.js';

function anAdmission(limits: Partial<AdmissionLimits> = {}): Admission {
  const unbounded = { connections: 1000, connectionsPerAddress: 0, connectionsPerUser: 0 };
  return new Admission({ ...unbounded, connectsPerSecond: 0, connectsPerSecondPerAddress: 0, ...limits }, 0);
}

/** How many of so many links get in at that time. */
function come(admission: Admission, address: string | null, links: number, now = 0): number {
  return Array.from({ length: links }, () => admission.linked(address, now)).filter((refusal) => refusal === null)
    .length;
}

describe('links', () => {
  test('find room up to the bound in all, and again when some have left', () => {
    const admission = anAdmission({ connections: 3 });
    expect(come(admission, '10.0.0.1', 5)).toBe(3);
    expect(admission.linked('10.0.0.2', 0)).toBe('server-busy');
    admission.left('10.0.0.1');
    expect(admission.linked('10.0.0.2', 0)).toBeNull();
  });

  test('find room up to the bound of their address, and again when some have left', () => {
    const admission = anAdmission({ connectionsPerAddress: 2 });
    expect(come(admission, '10.0.0.1', 5)).toBe(2);
    expect(admission.linked('::ffff:10.0.0.1', 0)).toBe('quota-exceeded');
    expect(admission.linked('10.0.0.2', 0)).toBeNull();
    admission.left('10.0.0.1');
    expect(admission.linked('10.0.0.1', 0)).toBeNull();
    expect(admission.linked('10.0.0.1', 0)).toBe('quota-exceeded');
  });

  test('of one IPv6 network count together', () => {
    const admission = anAdmission({ connectionsPerAddress: 2 });
    expect(admission.linked('2001:db8::1', 0)).toBeNull();
    expect(admission.linked('2001:db8::2', 0)).toBeNull();
    expect(admission.linked('2001:db8::3', 0)).toBe('quota-exceeded');
    expect(admission.linked('2001:db8:0:1::3', 0)).toBeNull();
  });

  test('without an address are bounded in all only', () => {
    const admission = anAdmission({ connectionsPerAddress: 1, connectsPerSecondPerAddress: 1, connections: 20 });
    expect(come(admission, null, 30)).toBe(20);
  });

  test('without bounds of their own leave nothing behind', () => {
    const admission = anAdmission();
    expect(come(admission, '10.0.0.1', 100)).toBe(100);
    for (let i = 0; i < 100; i++) admission.left('10.0.0.1');
    expect(come(admission, '10.0.0.1', 2000)).toBe(1000);
  });
});

describe('the rate of new links', () => {
  test('is bounded in all: a burst after a rest, then so many a second', () => {
    const admission = anAdmission({ connectsPerSecond: 10 });
    expect(come(admission, '10.0.0.1', 100)).toBe(50);
    expect(admission.linked('10.0.0.2', 0)).toBe('connection-rate-exceeded');
    expect(come(admission, '10.0.0.2', 100, 1000)).toBe(10);
  });

  test('is bounded for each address; who is too fast takes nothing from the others', () => {
    const admission = anAdmission({ connectsPerSecond: 10, connectsPerSecondPerAddress: 2 });
    expect(come(admission, '10.0.0.1', 1000)).toBe(10);
    expect(come(admission, '10.0.0.2', 1000)).toBe(10);
    expect(come(admission, '10.0.0.1', 1000, 1000)).toBe(2);
  });

  test('is kept for so many addresses only', () => {
    const admission = anAdmission({ connectsPerSecondPerAddress: 1, connections: 1_000_000 });
    for (let i = 0; i < 11_000; i++) expect(admission.linked(`10.1.${i >> 8}.${i & 255}`, 0)).toBeNull();
    expect(come(admission, '10.1.42.247', 10)).toBe(4);
    expect(come(admission, '10.1.0.0', 10)).toBe(5);
  });
});

test('a user has room for so many connections, and one that ends for another does not count', () => {
  const admission = anAdmission({ connectionsPerUser: 2 });
  const hasRoomFor = (username: string | null, ending: number) =>
    admission.hasRoomFor(username, admission.boundOf(null), ending);
  admission.entered('pump');
  admission.entered('pump');
  expect(hasRoomFor('pump', 0)).toBe(false);
  expect(hasRoomFor('pump', 1)).toBe(true);
  expect(hasRoomFor('valve', 0)).toBe(true);
  expect(hasRoomFor(null, 0)).toBe(true);
  admission.exited('pump');
  expect(hasRoomFor('pump', 0)).toBe(true);
});

test('of the bound of all users and a user’s own the lower one holds', () => {
  expect(anAdmission({ connectionsPerUser: 2 }).boundOf(5)).toBe(2);
  expect(anAdmission({ connectionsPerUser: 9 }).boundOf(5)).toBe(5);
  expect(anAdmission({}).boundOf(5)).toBe(5);
  expect(anAdmission({}).boundOf(null)).toBe(Number.POSITIVE_INFINITY);
});
