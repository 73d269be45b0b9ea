import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Config } from './config.schema.js';
import { ConfigError, readConfig, type ConfigInput } from './read-config.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perch-config-'));
  folders.push(folder);
  return folder;
}

function read(input: Partial<ConfigInput>, file?: string): Config {
  const cwd = newFolder();
  if (file !== undefined) writeFileSync(join(cwd, 'perch.config.json'), file);
  const invocation = readConfig({ args: [], env: {}, cwd, ...input });
  if (!('config' in invocation)) throw new Error(`expected a configuration, got ${invocation.text}`);
  return invocation.config;
}

function problemsOf(input: Partial<ConfigInput>, file?: string): readonly string[] {
  try {
    read(input, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected an error');
}

test('without any source every setting has its default', () => {
  expect(read({})).toMatchObject({
    host: '0.0.0.0',
    httpPort: 8080,
    mqttPort: 1883,
    dataDir: join(process.cwd(), 'data'),
    allowAnonymous: false,
    policyDefault: 'deny',
    tellReasons: false,
    logLevel: 'info',
    maxPacketBytes: 1_048_576,
  });
});

test('the configuration cannot be changed', () => {
  expect(Object.isFrozen(read({}))).toBe(true);
});

test('a flag wins over the environment, and the environment over the file', () => {
  const file = '{ "httpPort": 1, "mqttPort": 2, "host": "localhost" }';
  const env = { PERCH_HTTP_PORT: '3', PERCH_MQTT_PORT: '4' };
  expect(read({ args: ['--http-port', '5'], env }, file)).toMatchObject({
    httpPort: 5,
    mqttPort: 4,
    host: 'localhost',
  });
});

test('a flag takes its value after a space or an equals sign, and a switch needs none', () => {
  expect(read({ args: ['--http-port=0', '--allow-anonymous', '--log-level', 'debug'] })).toMatchObject({
    httpPort: 0,
    allowAnonymous: true,
    logLevel: 'debug',
  });
  expect(read({ args: ['--allow-anonymous=false'] }).allowAnonymous).toBe(false);
});

test('an empty environment variable is one that is not set', () => {
  expect(read({ env: { DATABASE_URL: '', PERCH_ADMIN_PASSWORD: '' } }).databaseUrl).toBeUndefined();
});

test('all that is wrong is said at once, with key, value, source and what is allowed', () => {
  const env = { PERCH_MQTT_PORT: '70000', PERCH_POLICY_DEFAULT: 'perhaps' };
  expect(problemsOf({ args: ['--http-port', '80a'], env }, '{ "logLevel": 3 }')).toEqual([
    'logLevel: 3 from perch.config.json is not one of trace, debug, info, warn, error, silent.',
    'mqttPort: "70000" from the environment variable PERCH_MQTT_PORT is not a port number from 0 to 65535 (0 picks a free one) or off.',
    'policyDefault: "perhaps" from the environment variable PERCH_POLICY_DEFAULT is not deny or allow.',
    'httpPort: "80a" from the flag --http-port is not a port number from 0 to 65535 (0 picks a free one) or off.',
  ]);
});

test('a prefix of response topics may have placeholders, and no wildcards', () => {
  expect(read({ args: ['--response-topic-prefix', 'responses/%c/'] }).responseTopicPrefix).toBe('responses/%c/');
  for (const prefix of ['responses/#', '+/%c']) {
    expect(problemsOf({ env: { PERCH_RESPONSE_TOPIC_PREFIX: prefix } })).toHaveLength(1);
  }
});

test('an unknown name is an error that offers the nearest', () => {
  const env = { PERCH_HTTPPORT: '80', PERCH_COLOUR: 'red', PATH: '/bin' };
  expect(problemsOf({ args: ['--htp-port', '--help-me'], env }, '{ "mqtPort": 1 }')).toEqual([
    'Unknown key mqtPort in perch.config.json. Did you mean mqttPort?',
    'Unknown environment variable PERCH_HTTPPORT. Did you mean PERCH_HTTP_PORT?',
    'Unknown environment variable PERCH_COLOUR. --help lists what there is.',
    'Unknown flag --htp-port. Did you mean --http-port?',
    'Unknown flag --help-me. Did you mean --help?',
  ]);
});

test('a flag without its value is an error', () => {
  expect(problemsOf({ args: ['--http-port', '--log-level', 'info'] })).toEqual([
    'The flag --http-port has no value: give it a port number from 0 to 65535 (0 picks a free one) or off.',
  ]);
  expect(problemsOf({ args: ['--config'] })).toEqual(['The flag --config has no value: give it the path of a file.']);
});

test('a file that was named must be there, and must be JSON', () => {
  expect(problemsOf({ args: ['--config', '/nowhere/perch.json'] })).toEqual([
    'The configuration file /nowhere/perch.json cannot be read: there is no such file (ENOENT).',
  ]);
  expect(problemsOf({}, '{ "httpPort": }')[0]).toMatch(/^The configuration file perch.config.json cannot be read: /);
  expect(problemsOf({}, '[]')).toEqual([
    'The configuration file perch.config.json does not hold an object: begin it with {.',
  ]);
});

test('a relative --config file is looked up in the working folder', () => {
  const cwd = newFolder();
  writeFileSync(join(cwd, 'other.json'), '{ "httpPort": 7 }');
  expect(read({ args: ['--config', 'other.json'], cwd }).httpPort).toBe(7);
  expect(read({ env: { PERCH_CONFIG: 'other.json' }, cwd }).httpPort).toBe(7);
});

test('a secret never shows up in an error', () => {
  const env = { DATABASE_URL: 'mysql://root:hunter2@db/x', PERCH_ADMIN_PASSWORD: 'too-short' };
  const text = problemsOf({ env }).join('\n');
  expect(text).not.toMatch(/hunter2|too-short/);
  expect(text).toContain('databaseUrl: the value from the environment variable DATABASE_URL is not a URL like');
});

test('--help names every setting and --version the version, whatever else is wrong', () => {
  const help = readConfig({ args: ['--nonsense', '--help'], env: {}, cwd: '/' });
  for (const name of ['--http-port', 'PERCH_MQTT_PORT', 'DATABASE_URL', '--max-packet-bytes', 'Default: 1883.']) {
    expect('text' in help && help.text).toContain(name);
  }
  const answer = readConfig({ args: ['--version'], env: {}, cwd: '/' });
  expect('text' in answer && answer.text).toMatch(/^\d+\.\d+\.\d+/);
});

test('what is wrong with a bridge is said field by field, without its secret', () => {
  const bridges = [
    { name: 'a', kind: 'webhook', url: 'ftp://x', secret: 'too short', topics: ['a/#/b'] },
    { name: 'b', kind: 'csv', folder: 'x', size: 1 },
  ];
  const problems = problemsOf({}, JSON.stringify({ bridges }));
  expect(problems).toEqual([
    expect.stringContaining('bridges[0].topics[0] from perch.config.json: must be an MQTT topic filter'),
    expect.stringContaining('bridges[0].url from perch.config.json: must be a URL'),
    expect.stringContaining('bridges[0].secret from perch.config.json: must have at least 16 characters'),
    expect.stringContaining('bridges[1] from perch.config.json: does not know size.'),
  ]);
  expect(problems.join()).not.toContain('too short');
  const twice = [0, 1].map(() => ({ name: 'b', kind: 'csv', folder: 'x' }));
  expect(problemsOf({ env: { PERCH_BRIDGES: JSON.stringify(twice) } })).toEqual([
    expect.stringContaining('two bridges have the same name'),
  ]);
});
