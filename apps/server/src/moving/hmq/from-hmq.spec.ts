import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../config/read-config.js';
import { planListeners } from '../../config/listener-plan.js';
import { fromHmq } from './from-hmq.js';

/** What Perch is started with, and what is said of it. */
function start(args: string[], file?: object, others: Readonly<Record<string, string>> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'hmq-'));
  for (const [name, text] of Object.entries(others)) writeFileSync(join(cwd, name), text);
  if (file) writeFileSync(join(cwd, 'hmq.config'), JSON.stringify(file));
  const said: string[] = [];
  const invocation = readConfig(fromHmq({ args, env: {}, cwd }, (line) => said.push(line)));
  if (!('config' in invocation)) throw new Error('It only prints a text.');
  const { plans } = planListeners(invocation.config);
  const doors = plans.map(({ name, kind, place, tls }) => ({
    name,
    kind,
    ...place,
    tls: tls?.clientCertificates ?? null,
  }));
  return { config: invocation.config, doors, said };
}

const usual = {
  workerNum: 4096,
  port: '1884',
  host: '127.0.0.1',
  wsPort: '1888',
  wsPath: '/ws',
  wsTLS: true,
  tlsPort: '8884',
  tlsHost: '127.0.0.1',
  tlsInfo: { verify: true, caFile: 'ca.pem', certFile: 'cert.pem', keyFile: 'key.pem' },
  acl: true,
  aclConf: 'conf/acl.conf',
};

test('an hmq.config opens the same doors, and each of its keys is accounted for', () => {
  const { config, doors, said } = start(['--config', 'hmq.config'], usual);
  expect(doors).toEqual([
    { name: 'http', kind: 'http', host: '127.0.0.1', port: 8080, tls: null },
    { name: 'mqtt', kind: 'mqtt', host: '127.0.0.1', port: 1884, tls: null },
    { name: 'mqtts', kind: 'mqtt', host: '127.0.0.1', port: 8884, tls: 'required' },
    { name: 'hmq-ws', kind: 'websocket', host: '127.0.0.1', port: 1888, tls: 'required' },
  ]);
  expect(config).toMatchObject({ allowAnonymous: true, policyDefault: 'deny' });
  for (const key of Object.keys(usual))
    expect(
      said.some((line) => line.includes(`hmq.config: ${key} `)),
      key,
    ).toBe(true);
  expect(said.join('\n')).toContain('perch policy import conf/acl.conf');
});

test('flags of HMQ mean the same, with one dash or two, and those of Perch go with them', () => {
  const { config, doors } = start(['-p', '1885', '--wsport=9001', '-d', '-w', '10', '--http-port', '8081']);
  expect(doors).toMatchObject([
    { name: 'http', port: 8081 },
    { name: 'mqtt', port: 1885 },
    { name: 'hmq-ws', port: 9001, tls: null },
  ]);
  expect(config).toMatchObject({ logLevel: 'debug', policyDefault: 'allow', host: '0.0.0.0' });
});

test('the port of MQTT is 1883 with flags alone, and closed where a file does not name it', () => {
  expect(start(['-d']).doors).toMatchObject([{ name: 'http' }, { name: 'mqtt', port: 1883 }]);
  expect(start(['-c', 'hmq.config', '-p', '1999'], { workerNum: 1, wsPort: '9001' }).doors).toMatchObject([
    { name: 'http' },
    { name: 'hmq-ws', port: 9001 },
  ]);
});

test('TLS of an address of its own has a listener of its own; a port that is taken is not taken again', () => {
  const { doors } = start(['--config', 'hmq.config'], { ...usual, tlsHost: '127.0.0.2', wsPort: '8080' });
  expect(doors).toEqual([
    { name: 'http', kind: 'http', host: '127.0.0.1', port: 8088, tls: null },
    { name: 'mqtt', kind: 'mqtt', host: '127.0.0.1', port: 1884, tls: null },
    { name: 'hmq-ws', kind: 'websocket', host: '127.0.0.1', port: 8080, tls: 'required' },
    { name: 'hmq-mqtts', kind: 'mqtt', host: '127.0.0.2', port: 8884, tls: 'required' },
  ]);
});

test('of the acl.conf that is named, its rules are counted, and its first mistake told', () => {
  const named = { ...usual, aclConf: 'acl.conf' };
  const line = (acl: string, more: object = {}) => {
    const { said } = start(['--config', 'hmq.config'], { ...named, ...more }, { 'acl.conf': acl });
    return said.find((each) => each.includes('aclConf')) ?? '';
  };
  const command = 'perch policy import acl.conf';
  expect(line('allow clientid * 1 toCloud/%c\n#no\ndeny clientid * 3 #\n')).toMatch(/It has 2 rules/);
  expect(line('deny clientid * 3 #')).toMatch(new RegExp(`It has 1 rule, .*: ${command}$`));
  expect(line('deny clientid * 3 #', { httpPort: '9000' })).toContain(`${command} --server http://127.0.0.1:9000`);
  expect(line('\nallow nobody\n')).toMatch(new RegExp(`mistake.* in it; line 2: .*${command}`));
});

test('what the file of csvlog says of name, size and filters holds for the bridge', () => {
  const given = (csvLog: object) =>
    start(
      ['--config', 'hmq.config'],
      { ...usual, plugins: { bridge: 'csvlog' } },
      { 'csvlogconfig.json': JSON.stringify(csvLog) },
    );
  const { config } = given({
    ...{ fileName: '/var/log/Broker Events.log', logFileMaxSizeMB: 1, logFileMaxFiles: 4, writeIntervalSecs: 10 },
    ...{ commandTopic: 'CSVLOG/command', filters: ['plant/#', 'a/#/b'] },
  });
  expect(config.bridges).toMatchObject([
    {
      ...{ name: 'broker-events', kind: 'csv', folder: '/var/log', topics: ['plant/#'], lingerMs: 10_000 },
      ...{ maxFileBytes: 1024 * 1024, keepFiles: 5, events: ['publish', 'subscribe', 'unsubscribe'] },
    },
  ]);
  const { said, config: none } = given({ fileName: '{STDOUT}' });
  expect(none.bridges).toEqual([]);
  expect(said.join('\n')).toContain('{STDOUT}');
});

test('the bridge csvlog becomes a bridge to CSV files; others are said to be left out', () => {
  const { config, said } = start(['--config', 'hmq.config'], { ...usual, plugins: { bridge: 'csvlog' } });
  expect(config.bridges).toMatchObject([{ name: 'hmq', kind: 'csv', events: { length: 5 }, topics: ['#'] }]);
  expect(said.join('\n')).toMatch(/plugins .*docs\/bridges\.md/);
  const kafka = start(['--config', 'hmq.config'], { ...usual, plugins: { auth: 'authhttp', bridge: 'kafka' } });
  expect(kafka.config.bridges).toEqual([]);
  expect(kafka.said.join('\n')).toMatch(/authhttp.*webhook/);
});

test.each([[['--http-port', '8081']], [['--config', 'perch.config.json']], [['--host', '127.0.0.1']], [['--help']]])(
  '%j is meant for Perch',
  (args) => {
    const input = { args, env: {}, cwd: '/nowhere' };
    expect(fromHmq(input, () => expect.unreachable())).toBe(input);
  },
);
