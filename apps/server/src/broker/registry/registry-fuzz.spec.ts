import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { admitted, Caller } from '@perch/broker';
import { aPolicy, Chance, newBroker } from '@perch/broker/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Callers } from '../callers/callers.js';
import { HttpDoors } from '../callers/http-doors.js';
import { LeaseBook } from './lease-book.js';
import { RegistryDoor } from './registry-door.js';

const INPUTS = 20_000;
const MOST_INSTANCES = 9;

const jsons = fc.sample(fc.json({ maxDepth: 2 }), { numRuns: 400, seed: 1 });

const methods = ['GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'get', ''];
const usual = ['mail', 'mail', 'print', 'i-1', 'i-2'];
const strange = ['%00', '%', '%2F', '+', '%23', 'x'.repeat(257), '%F0%9F', '..', 'ü', ''];
const roots = ['/api/v1/services', '/api/v1/services', '/api/v1/services', '/api/v1/healthcheck', '/api/v1', '', '//'];
const odd = [null, 0, -1, 65_536, 1.5, true, [], {}, '', 'x'.repeat(257), '256.0.0.1', '::g', '0x7f.1'];
const addresses = ['10.0.0.7', '::1', 'fe80::1'];

function url(chance: Chance): string {
  const levels = Array.from({ length: chance.of([0, 1, 1, 1, 2, 2, 2, 3]) }, () =>
    chance.oneIn(8) ? encodeURIComponent(Buffer.from(chance.text(20)).toString()) : chance.mostly(usual, strange, 5),
  );
  return [chance.of(roots), ...levels].join('/') + (chance.oneIn(8) ? `?${chance.text(9)}` : '');
}

function body(chance: Chance): Buffer {
  const kind = chance.number(8);
  if (kind === 0) return chance.bytes(40);
  if (kind === 1) return Buffer.from(chance.of(jsons));
  if (kind === 2 && chance.oneIn(5)) return Buffer.alloc(20_000, '[');
  const registration = {
    instance_id: chance.oneIn(4) ? chance.of(odd) : `i-${chance.number(30)}`,
    ip_addr: chance.mostly(addresses, odd, 4),
    port: chance.mostly([1, 80, 65_535], odd, 4),
    ['__proto__']: chance.of(odd),
  };
  return Buffer.from(JSON.stringify(registration));
}

/** What the door was asked, and what it answered. */
interface Exchange {
  readonly status: number;
  readonly text: string | undefined;
}

function ask(door: RegistryDoor, method: string, path: string, content: Buffer): Promise<Exchange> {
  const known = { method, url: path, headers: {}, query: {}, requestId: 'fuzz' };
  const request = Object.assign(Readable.from([content]), known) as unknown as IncomingMessage;
  return new Promise((resolve) => {
    let status = 0;
    const response = {
      writeHead: (written: number) => (status = written),
      end: (text?: string) => resolve({ status, text }),
    };
    door.handle(request, response as unknown as ServerResponse);
  });
}

test('whatever 20,000 requests come, each is answered as HTTP, and only what is an instance is registered', async () => {
  const it = newBroker({ policy: aPolicy({ topics: ['$registry/+'] }) });
  const who = ['joy', 'ann'].map((username) => admitted({ username }, { clientId: username, address: null }));
  const callers = who.map((each) => new Caller(each, it.broker.access.grantsFor(each)));
  const chance = new Chance(1);
  const callerOf = () => Promise.resolve(chance.oneIn(50) ? null : chance.of(callers));
  const book = new LeaseBook(it.clock, { inAll: MOST_INSTANCES, perUser: MOST_INSTANCES - 4 });
  const doors = new HttpDoors();
  const door = new RegistryDoor(it.broker, { callerOf } as unknown as Callers, book, doors);
  const statuses = new Set<number>();
  const wrong: string[] = [];
  for (let index = 0; index < INPUTS; index++) {
    const [method, path] = [chance.of(methods), url(chance)];
    const { status, text } = await ask(door, method, path, body(chance));
    statuses.add(status);
    const isWhole = status === 204 ? text === undefined : typeof JSON.parse(text ?? '') === 'object';
    if (!isWhole) wrong.push(`${method} ${path} → ${status} ${text}`);
    // Leases end, so that there is room for others.
    if (index % 1_000 === 999) it.clock.advance(31_000);
  }
  expect(wrong).toEqual([]);
  expect([...statuses].toSorted()).toEqual([200, 204, 400, 401, 403, 404, 405, 413, 429, 503]);
  for (const { instanceId, address, port } of book.list()) {
    expect([instanceId.length > 0, isIP(address) > 0, port > 0 && port < 65_536]).toEqual([true, true, true]);
  }
  expect([it.faults, book.size <= MOST_INSTANCES, doors.at.registry.requests]).toEqual([[], true, INPUTS]);
});
