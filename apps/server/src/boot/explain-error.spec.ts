import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../config/read-config.js';
import { explainError, explainListenError } from './explain-error.js';

const invocation = readConfig({ args: ['--mqtt-port', '1884', '--http-port', '8081'], env: {}, cwd: '/' });
const config = 'config' in invocation ? invocation.config : null;

const explain = (code: string, port: number) =>
  explainError(explainListenError(Object.assign(new Error('x'), { code, port, syscall: 'listen' }), config!));

test('a port in use names the port and the setting that changes it', () => {
  expect(explain('EADDRINUSE', 1884)).toBe(
    'Perch cannot start: Port 1884 is in use by another program. ' +
      'Stop that program, or choose another with --mqtt-port (PERCH_MQTT_PORT); 0 picks a free one.',
  );
  expect(explain('EADDRINUSE', 8081)).toContain('choose another with --http-port (PERCH_HTTP_PORT)');
});

test('an address of another machine names the setting', () => {
  expect(explain('EADDRNOTAVAIL', 8081)).toBe(
    'Perch cannot start: 0.0.0.0 is not an address of this machine. Choose another with --host (PERCH_HOST); 0.0.0.0 means all.',
  );
});

test('one problem of the configuration is one line, several are a list', () => {
  expect(explainError(new ConfigError(['One.']))).toBe('Perch cannot start: One.');
  expect(explainError(new ConfigError(['One.', 'Two.']))).toBe('Perch cannot start:\n  - One.\n  - Two.');
});
