import { expect, test } from 'vitest';
import { readConfig } from '../config/read-config.js';
import { banner } from './banner.js';

function printed(args: string[], setupPath: string | null = '/setup#token=abc'): string {
  const invocation = readConfig({ args, env: {}, cwd: '/' });
  if (!('config' in invocation)) throw new Error('no configuration');
  return banner({ config: invocation.config, httpPort: 8123, mqttPort: 1884, setupPath });
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

test('without a need for set-up there is no link', () => {
  expect(printed([], null)).not.toContain('Set up');
});

test('the password of the database is not printed', () => {
  const text = printed(['--database-url', 'postgresql://me:hunter2@db:5432/perch']);
  expect(text).toContain('Postgres at db:5432/perch');
  expect(text).not.toContain('hunter2');
});
