import { expect, test } from 'vitest';
import { anyListener, type ListenerTerms } from '../../listener-terms.js';
import type { Credentials } from '../../ports/authenticator.js';
import { JsonClient, jsonClient, type JsonClientOptions, newBroker } from '../../testing/index.js';

const onTerms = (terms: Partial<ListenerTerms>): ListenerTerms => ({ ...anyListener, ...terms });

/** Who came to the door, as the authenticator was told. */
function aDoor() {
  const shown: Credentials[] = [];
  const it = newBroker({
    authenticator: {
      authenticate: (credentials) => {
        shown.push(credentials);
        return { accepted: true, username: credentials.username };
      },
    },
  });
  return { shown, client: (options: JsonClientOptions) => jsonClient(it, options), it };
}

test('what a listener says of anonymous clients is for the authenticator to know', () => {
  const { shown, client } = aDoor();
  client({});
  client({ terms: onTerms({ allowAnonymous: false }) });
  expect(shown.map(({ allowAnonymous }) => allowAnonymous)).toEqual([null, false]);
});

test('the packet size of a listener bounds frames, and is told', () => {
  const { it } = aDoor();
  const small = new JsonClient(it, { terms: onTerms({ packetBytes: 500 }) });
  expect(small.last('welcome')).toMatchObject({ maxFrameBytes: 500 });
  small.bind().publish('a', 'x'.repeat(400));
  expect(small.isClosed).toBe(false);
  small.publish('a', 'x'.repeat(500));
  expect(small.isClosed).toBe(true);
});

test('a certificate that names a user needs no password, and no other name', () => {
  const { shown, client } = aDoor();
  const certified = { terms: onTerms({ certificateAs: 'username' }), certificateName: 'joy' };
  client(certified);
  expect(shown[0]).toMatchObject({ username: 'joy', password: null, certificateName: 'joy' });
  const other = client({ ...certified, username: 'ann', password: 'her own' });
  expect(other.isClosed).toBe(true);
  expect(shown).toHaveLength(1);
});

test('a certificate that names a client lets it have no other client id', () => {
  const { shown, client, it } = aDoor();
  const certified = { terms: onTerms({ certificateAs: 'client-id' }), certificateName: 'panel-3' };
  client(certified);
  expect(shown[0]).toMatchObject({ clientId: 'panel-3', certificateName: null });
  expect(it.broker.presence.get('panel-3')?.online).toBe(true);
  expect(client({ ...certified, clientId: 'panel-4' }).isClosed).toBe(true);
});
