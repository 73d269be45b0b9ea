import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { faultInUpgrade, offeredSubprotocols, refusalAnswer, upgradeAnswer } from './web-socket-handshake.js';

/** The example of RFC 6455 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const headers = { upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': KEY };

function upgrade(changed: Record<string, string | undefined> = {}, method = 'GET'): IncomingMessage {
  return { method, headers: { ...headers, ...changed } } as IncomingMessage;
}

test('a handshake is answered with proof that it was read', () => {
  expect(faultInUpgrade(upgrade())).toBeNull();
  expect(faultInUpgrade(upgrade({ upgrade: 'WebSocket' }))).toBeNull();
  expect(upgradeAnswer(upgrade(), 'mqtt')).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n',
  );
});

test.each([
  ['another method', upgrade({}, 'POST'), 405],
  ['another protocol', upgrade({ upgrade: 'h2c' }), 400],
  ['no protocol', upgrade({ upgrade: undefined }), 400],
  ['no version', upgrade({ 'sec-websocket-version': undefined }), 426],
  ['a version of old', upgrade({ 'sec-websocket-version': '8' }), 426],
  ['no key', upgrade({ 'sec-websocket-key': undefined }), 400],
  ['a short key', upgrade({ 'sec-websocket-key': 'c2hvcnQ=' }), 400],
  ['a key that is not base64', upgrade({ 'sec-websocket-key': '*'.repeat(22) + '==' }), 400],
])('%s is refused', (_what, request, status) => {
  expect(faultInUpgrade(request)?.status).toBe(status);
});

test('who speaks another version is told which one is spoken here (RFC 6455 4.4)', () => {
  const fault = faultInUpgrade(upgrade({ 'sec-websocket-version': '99' }));
  const [head, body] = refusalAnswer(fault!).split('\r\n\r\n');
  expect(head?.split('\r\n')).toEqual([
    'HTTP/1.1 426 Upgrade Required',
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body?.length}`,
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
  ]);
});

test('without a subprotocol the answer names none', () => {
  expect(upgradeAnswer(upgrade(), null)).not.toContain('Protocol:');
  expect(upgradeAnswer(upgrade(), 'mqtt')).toContain('\r\nSec-WebSocket-Protocol: mqtt\r\n');
});

test('what is offered is a list, in the order of the client', () => {
  expect(offeredSubprotocols(upgrade({ 'sec-websocket-protocol': 'soap, mqtt ,mqttv3.1' }))).toEqual([
    'soap',
    'mqtt',
    'mqttv3.1',
  ]);
  expect(offeredSubprotocols(upgrade())).toEqual(['']);
});
