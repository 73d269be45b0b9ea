import { expect, test } from 'vitest';
import { readConfig } from '../config/read-config.js';
import { banner } from './banner.js';
import type { Listener } from './listeners.js';

const plain = { secure: false, host: '0.0.0.0', socket: null } as const;
const doors: readonly Listener[] = [
  { ...plain, name: 'http', kind: 'http', port: 8123 },
  { ...plain, name: 'http', kind: 'mqtt-ws', port: 8123, path: '/mqtt' },
  { ...plain, name: 'mqtt', kind: 'mqtt', port: 1884 },
];

function printed(args: string[], setupPath: string | null = '/setup#token=abc', listeners = doors): string {
  const invocation = readConfig({ args, env: {}, cwd: '/' });
  if (!('config' in invocation)) throw new Error('no configuration');
  return banner({ config: invocation.config, listeners, setupPath });
}

test('it says where everything is, in under 15 lines', () => {
  const text = printed(['--data-dir', '/srv/perch']);
  expect(text.split('\n').length).toBeLessThan(15);
  for (const part of [
    'http://localhost:8123/ ',
    'http://localhost:8123/setup#token=abc',
    'mqtt://localhost:1884',
    'ws://localhost:8123/mqtt',
    '/srv/perch/postgres',
    'mosquitto_pub -h localhost -p 1884',
  ]) {
    expect(`${text} `.replaceAll('\n', ' ')).toContain(part);
  }
});

test('a registry with a port of its own is named, and no other', () => {
  expect(printed([])).not.toContain('Registry');
  const registry: Listener = { ...plain, name: 'registry', kind: 'registry', port: 8500 };
  expect(printed([], null, [...doors, registry])).toContain('Registry    http://localhost:8500\n');
});

test('without a need for set-up there is no link', () => {
  expect(printed([], null)).not.toContain('Set up');
});

test('the password of the database is not printed', () => {
  const text = printed(['--database-url', 'postgresql://me:hunter2@db:5432/perch']);
  expect(text).toContain('Postgres at db:5432/perch');
  expect(text).not.toContain('hunter2');
});

test('doors over TLS and Unix sockets are named as clients name them', () => {
  const secure = { ...plain, host: '::1', secure: true } as const;
  const text = printed([], '/setup#token=abc', [
    { ...secure, name: 'https', kind: 'http', port: 8443 },
    { ...secure, name: 'https', kind: 'mqtt-ws', port: 8443, path: '/mqtt' },
    { ...secure, name: 'mqtts', kind: 'mqtt', port: 8883 },
    { ...plain, name: 'local', kind: 'mqtt', host: null, port: null, socket: '/run/perch.sock' },
  ]);
  expect(text).toContain('Dashboard   https://[::1]:8443/\n');
  expect(text).toContain('https://[::1]:8443/setup#token=abc ');
  expect(text).toContain('mqtts://[::1]:8883, mqtt+unix:/run/perch.sock, wss://[::1]:8443/mqtt\n');
  expect(text).not.toContain('mosquitto_pub');
});
