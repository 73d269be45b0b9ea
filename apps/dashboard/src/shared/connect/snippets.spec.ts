import { expect, test } from 'vitest';
import {
  arduinoSnippet,
  browserSnippet,
  type ConnectTarget,
  mosquittoSnippet,
  mqttDoor,
  mqttJsSnippet,
  pythonSnippet,
} from './snippets.js';

const plain = { secure: false, host: '0.0.0.0', socket: null } as const;
const target = (fields: Partial<ConnectTarget> = {}): ConnectTarget => ({
  host: 'broker.example',
  isSecurePage: false,
  pagePort: '8080',
  listeners: [
    { ...plain, name: 'mqtts', kind: 'mqtt', secure: true, port: 8883 },
    { ...plain, name: 'mqtt', kind: 'mqtt', port: 2883 },
    { ...plain, name: 'http', kind: 'mqtt-ws', port: 8080, path: '/mqtt' },
  ],
  anonymous: false,
  ...fields,
});

test('snippets name the real host, ports and path', () => {
  expect(mosquittoSnippet(target())).toContain('-h broker.example -p 2883 -i my-device -u USER -P PASSWORD');
  expect(mqttJsSnippet(target())).toContain("'mqtt://broker.example:2883'");
  expect(browserSnippet(target())).toContain("'ws://broker.example:8080/mqtt'");
});

test('without a message they use the two topics that a device of that name may use from the start', () => {
  const login = { username: 'joy', password: 'p', clientId: 'pump-7' };
  for (const snippet of [mosquittoSnippet, mqttJsSnippet, pythonSnippet, arduinoSnippet]) {
    expect(snippet(target({ login }))).toContain('toCloud/pump-7');
  }
  for (const snippet of [mqttJsSnippet, pythonSnippet, browserSnippet]) {
    expect(snippet(target({ login }))).toContain('toDevice/pump-7');
  }
  expect(mosquittoSnippet(target())).toContain('-t toCloud/my-device');
  expect(browserSnippet(target())).toContain("'toDevice/my-browser'");
});

test('a secure page connects securely, on the port of the page', () => {
  expect(browserSnippet(target({ isSecurePage: true, pagePort: '' }))).toContain("'wss://broker.example/mqtt'");
});

test('an IPv6 host is bracketed in addresses only', () => {
  expect(mosquittoSnippet(target({ host: '[::1]' }))).toContain('-h ::1 -p');
  expect(mqttJsSnippet(target({ host: '[::1]' }))).toContain("'mqtt://[::1]:2883'");
});

test('anonymous servers need no user, and TCP may be off', () => {
  expect(mosquittoSnippet(target({ anonymous: true }))).not.toContain('USER');
  expect(mqttDoor(target({ listeners: [] }))).toBeNull();
});

test('where MQTT is only spoken over TLS, or on a Unix socket, snippets say so or leave it out', () => {
  const socket = { ...plain, name: 'local', kind: 'mqtt', host: null, port: null, socket: '/run/perch.sock' } as const;
  const secure = { ...plain, name: 'mqtts', kind: 'mqtt', secure: true, port: 8883 } as const;
  expect(mqttDoor(target({ listeners: [socket] }))).toBeNull();
  expect(mosquittoSnippet(target({ listeners: [socket, secure] }))).toContain('-p 8883 --tls-use-os-certs');
  expect(mqttJsSnippet(target({ listeners: [secure] }))).toContain("'mqtts://broker.example:8883'");
});

test('for a user that is known they have its name, password and client id, quoted for where they stand', () => {
  const login = { username: "o'neil", password: 'a b$c', clientId: '' };
  const known = target({ login });
  expect(mosquittoSnippet(known)).toContain(String.raw`-i my-device -u 'o'\''neil' -P 'a b$c'`);
  expect(mqttJsSnippet(known)).toContain(String.raw`username: 'o\'neil',`);
  expect(browserSnippet(target({ login: { ...login, clientId: '</script>' } }))).toContain(String.raw`'<\/script>'`);
  expect(mqttJsSnippet(target({ anonymous: true, login }))).toContain("password: 'a b$c',");
});

test('a message of one’s own is published as it is, whatever is in it', () => {
  const message = { topic: 'a/b', payload: '{"it\'s": "</b>"}\n', qos: 1, retain: true } as const;
  const own = target({ message });
  expect(mosquittoSnippet(own)).toContain(String.raw`-t a/b -m '{"it'\''s": "</b>"}`);
  expect(mosquittoSnippet(own)).toContain(' -q 1 -r');
  expect(mqttJsSnippet(own)).toContain(
    String.raw`client.publish('a/b', '{"it\'s": "<\/b>"}\n', { qos: 1, retain: true })`,
  );
  expect(pythonSnippet(own)).toContain(String.raw`client.publish("a/b", "{\"it's\": \"</b>\"}\n", qos=1, retain=True)`);
  expect(arduinoSnippet(own)).toContain(String.raw`client.publish("a/b", "{\"it's\": \"</b>\"}\n", true)`);
});

test('Python and Arduino connect to the real host, over TLS where there is nothing else', () => {
  expect(pythonSnippet(target())).toContain('client.connect("broker.example", 2883)');
  expect(arduinoSnippet(target())).toContain('client.setServer("broker.example", 2883)');
  const secure = target({ listeners: [{ ...plain, name: 'mqtts', kind: 'mqtt', secure: true, port: 8883 }] });
  expect(pythonSnippet(secure)).toContain('client.tls_set()');
  expect(arduinoSnippet(secure)).toContain('WiFiClientSecure network;');
});
