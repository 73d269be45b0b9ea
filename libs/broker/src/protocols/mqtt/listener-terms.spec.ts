import { describe, expect, test } from 'vitest';
import { anyListener, type ListenerTerms } from '../../listener-terms.js';
import type { Authentication, Credentials } from '../../ports/authenticator.js';
import { mqttClient, type MqttClientOptions, newBroker } from '../../testing/index.js';

const onTerms = (terms: Partial<ListenerTerms>): ListenerTerms => ({ ...anyListener, ...terms });

/** Who came to the door, as the authenticator was told. */
function aDoor() {
  const shown: Credentials[] = [];
  const authenticate = (credentials: Credentials): Authentication => {
    shown.push(credentials);
    return { accepted: true, username: credentials.username };
  };
  const it = newBroker({ authenticator: { authenticate } });
  return { shown, client: (options: MqttClientOptions) => mqttClient(it, options), it };
}

test('what a listener says of anonymous clients is for the authenticator to know', () => {
  const { shown, client } = aDoor();
  client({});
  client({ terms: onTerms({ allowAnonymous: true }) });
  client({ terms: onTerms({ allowAnonymous: false }) });
  expect(shown.map(({ allowAnonymous }) => allowAnonymous)).toEqual([null, true, false]);
});

describe('a listener with a packet size of its own', () => {
  const terms = onTerms({ packetBytes: 200 });

  test('tells it to MQTT 5 clients [MQTT5-3.2.2-15], and ends those who send more', () => {
    const { client } = aDoor();
    const device = client({ terms, protocolVersion: 5 });
    expect(device.last('connack')?.properties?.maximumPacketSize).toBe(200);
    device.publish('a', 'x'.repeat(190));
    expect(device.isClosed).toBe(false);
    device.publish('a', 'x'.repeat(200));
    expect(device.last('disconnect')?.reasonCode).toBe(0x95);
    expect(device.isClosed).toBe(true);
  });

  test('also bounds their first packet, and nobody at other listeners', () => {
    const { client } = aDoor();
    const will = { topic: 'a', payload: Buffer.alloc(300), qos: 0 as const, retain: false };
    expect(client({ terms, will }).isClosed).toBe(true);
    const other = client({ will });
    expect(other.publish('a', 'x'.repeat(300)).isClosed).toBe(false);
  });
});

describe('where the name in a certificate is the user name', () => {
  const terms = onTerms({ certificateAs: 'username' });
  const certified = { terms, certificateName: 'pump-7' };

  test('a client needs no other, and no password', () => {
    const { shown, client } = aDoor();
    expect(client(certified).isClosed).toBe(false);
    expect(shown[0]).toMatchObject({ username: 'pump-7', password: null, certificateName: 'pump-7' });
  });

  test('it may say the name too; a password is not looked at', () => {
    const { shown, client } = aDoor();
    client({ ...certified, username: 'pump-7', password: Buffer.from('whatever') });
    expect(shown[0]).toMatchObject({ username: 'pump-7', password: null });
  });

  test.each([
    { protocolVersion: 4, code: { returnCode: 4 } },
    { protocolVersion: 5, code: { reasonCode: 0x86 } },
  ] as const)('another name is not its own (version $protocolVersion)', ({ protocolVersion, code }) => {
    const { shown, client } = aDoor();
    const device = client({ ...certified, protocolVersion, username: 'pump-8', password: Buffer.from('its own') });
    expect(device.last('connack')).toMatchObject(code);
    expect(device.isClosed).toBe(true);
    expect(shown).toEqual([]);
  });

  test('a client without a certificate comes as everywhere else', () => {
    const { shown, client } = aDoor();
    client({ terms, username: 'joy', password: Buffer.from('secret') });
    expect(shown[0]).toMatchObject({ username: 'joy', password: Buffer.from('secret'), certificateName: null });
  });
});

describe('where the name in a certificate is the client id', () => {
  const certified = { terms: onTerms({ certificateAs: 'client-id' }), certificateName: 'pump-7' };

  test('a client may leave it to the broker, and is told [MQTT5-3.2.2-16]', () => {
    const { shown, client, it } = aDoor();
    const device = client({ ...certified, protocolVersion: 5, clientId: '' });
    expect(device.last('connack')?.properties?.assignedClientIdentifier).toBe('pump-7');
    expect(it.broker.presence.get('pump-7')?.online).toBe(true);
    expect(shown[0]).toMatchObject({ clientId: 'pump-7', username: null, certificateName: null });
  });

  test('a will is from the client that the certificate names', () => {
    const { client } = aDoor();
    const watcher = client({ protocolVersion: 5 }).subscribe('gone', { nl: true });
    const will = { topic: 'gone', payload: Buffer.from('x'), qos: 0 as const, retain: false };
    client({ ...certified, clientId: '', will }).drop();
    expect(watcher.messages).toEqual(['gone=x']);
    const own = client({ ...certified, protocolVersion: 5, clientId: '', will }).subscribe('gone', { nl: true });
    own.drop();
    expect(own.messages).toEqual([]);
  });

  test('it may say it itself, but no other [MQTT5-3.1.3-8]', () => {
    const { client } = aDoor();
    expect(client({ ...certified, clientId: 'pump-7' }).isClosed).toBe(false);
    expect(client({ ...certified, clientId: 'pump-8' }).last('connack')).toMatchObject({ returnCode: 2 });
    const five = client({ ...certified, protocolVersion: 5, clientId: 'pump-8' });
    expect(five.last('connack')).toMatchObject({ reasonCode: 0x85 });
    expect(five.isClosed).toBe(true);
  });

  test('a name that is none for a client is refused', () => {
    const { client } = aDoor();
    expect(client({ ...certified, certificateName: '$SYS', clientId: '' }).isClosed).toBe(true);
  });
});

describe('a listener that takes names for nothing', () => {
  test('tells nobody of them', () => {
    const { shown, client } = aDoor();
    client({ certificateName: 'pump-7', username: 'joy', password: Buffer.from('secret') });
    expect(shown[0]).toMatchObject({ username: 'joy', certificateName: null });
  });
});
