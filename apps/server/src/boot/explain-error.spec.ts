import { expect, test } from 'vitest';
import { planListeners } from '../config/listener-plan.js';
import { ConfigError, readConfig } from '../config/read-config.js';
import { explainError, explainListenError } from './explain-error.js';

const listeners = '[{ "name": "local", "kind": "mqtt", "socket": "/run/perch.sock" }]';
const args = ['--mqtt-port', '1884', '--http-port', '8081', '--listeners', listeners];
const invocation = readConfig({ args, env: {}, cwd: '/' });
const { plans } = planListeners('config' in invocation ? invocation.config : (null as never));

const explain = (code: string, name: string) => {
  const plan = plans.find((each) => each.name === name)!;
  return explainError(explainListenError(Object.assign(new Error('x'), { code, syscall: 'listen' }), plan));
};

test('a port in use names the port and the setting that changes it', () => {
  expect(explain('EADDRINUSE', 'mqtt')).toBe(
    'Perch cannot start: Port 1884 is in use by another program. ' +
      'Stop that program, or choose another with --mqtt-port (PERCH_MQTT_PORT); 0 picks a free one.',
  );
  expect(explain('EADDRINUSE', 'http')).toContain('choose another with --http-port (PERCH_HTTP_PORT)');
});

test('an address of another machine names the setting', () => {
  expect(explain('EADDRNOTAVAIL', 'http')).toBe(
    'Perch cannot start: 0.0.0.0 is not an address of this machine. Choose another with --host (PERCH_HOST); 0.0.0.0 means all.',
  );
});

test('a Unix socket that cannot be made names its path', () => {
  expect(explain('ENOENT', 'local')).toBe(
    'Perch cannot start: The folder of the socket /run/perch.sock does not exist. Make it, or choose another path.',
  );
});

test('one problem of the configuration is one line, several are a list', () => {
  expect(explainError(new ConfigError(['One.']))).toBe('Perch cannot start: One.');
  expect(explainError(new ConfigError(['One.', 'Two.']))).toBe('Perch cannot start:\n  - One.\n  - Two.');
});
