import { expect, test } from 'vitest';
import { browserSnippet, type ConnectTarget, mosquittoSnippet, mqttJsSnippet, mqttPort } from './snippets.js';

const target = (fields: Partial<ConnectTarget> = {}): ConnectTarget => ({
  host: 'broker.example',
  isSecurePage: false,
  pagePort: '8080',
  listeners: [
    { kind: 'mqtt', port: 2883 },
    { kind: 'mqtt-ws', port: 8080, path: '/mqtt' },
  ],
  anonymous: false,
  ...fields,
});

test('snippets name the real host, ports and path', () => {
  expect(mosquittoSnippet(target())).toContain('-h broker.example -p 2883 -i my-device -u USER -P PASSWORD');
  expect(mqttJsSnippet(target())).toContain("'mqtt://broker.example:2883'");
  expect(browserSnippet(target())).toContain("'ws://broker.example:8080/mqtt'");
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
  expect(mqttPort(target({ listeners: [] }))).toBeNull();
});
