import { describe, expect, test } from 'vitest';
import type { ListenerPlan } from './listener-plan.js';
import { planListeners } from './listener-plan.js';
import { ConfigError, readConfig } from './read-config.js';

type Settings = Readonly<Record<string, unknown>>;

function planned(settings: Settings): readonly ListenerPlan[] {
  const args = Object.entries(settings).flatMap(([key, value]) => [
    `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const invocation = readConfig({ args, env: {}, cwd: '/' });
  if (!('config' in invocation)) throw new Error('The test asked for a text.');
  return planListeners(invocation.config).plans;
}

function problemsOf(settings: Settings): readonly string[] {
  try {
    planned(settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected an error');
}

const oneListener = (fields: Settings) => ({ listeners: [{ name: 'extra', kind: 'mqtt', port: 1, ...fields }] });
const pair = { tlsCert: '/cert.pem', tlsKey: '/key.pem' };

describe('the doors with settings of their own', () => {
  test('without a certificate there are HTTP and MQTT', () => {
    expect(planned({}).map(({ name, kind, place, tls }) => ({ name, kind, place, tls }))).toEqual([
      { name: 'http', kind: 'http', place: { host: '0.0.0.0', port: 8080 }, tls: null },
      { name: 'mqtt', kind: 'mqtt', place: { host: '0.0.0.0', port: 1883 }, tls: null },
    ]);
  });

  test('with one, there are both over TLS too', () => {
    const plans = planned({ ...pair, host: '127.0.0.1' });
    expect(plans.map(({ name, place }) => [name, 'port' in place && place.port])).toEqual([
      ['http', 8080],
      ['https', 8443],
      ['mqtt', 1883],
      ['mqtts', 8883],
    ]);
    expect(plans[3]?.tls).toEqual({
      cert: '/cert.pem',
      key: '/key.pem',
      clientCa: null,
      clientCertificates: 'off',
      certificateAs: 'nothing',
    });
  });

  test('each can be moved, and turned off', () => {
    const plans = planned({ ...pair, httpPort: 'off', httpsPort: 443, mqttPort: 'off', mqttsPort: 0 });
    expect(plans.map(({ name, place }) => [name, 'port' in place && place.port])).toEqual([
      ['https', 443],
      ['mqtts', 0],
    ]);
  });

  test('only MQTT asks for certificates of clients: browsers would ask everybody for one', () => {
    const client = { tlsClientCa: '/ca.pem', tlsClientCertificates: 'required', tlsCertificateAs: 'username' };
    const plans = planned({ ...pair, ...client });
    expect(plans.map(({ name, tls }) => [name, tls?.clientCertificates, tls?.certificateAs])).toEqual([
      ['http', undefined, undefined],
      ['https', 'off', 'nothing'],
      ['mqtt', undefined, undefined],
      ['mqtts', 'required', 'username'],
    ]);
  });
});

describe('an entry of listeners', () => {
  test('has what it says, and otherwise what holds for all', () => {
    const [, , plan] = planned({
      trustedProxies: '10.0.0.0/8, ::1',
      ...oneListener({
        host: '127.0.0.1',
        proxyProtocol: true,
        allowAnonymous: true,
        maxConnections: 10,
        maxPacketBytes: 2048,
      }),
    });
    expect(plan).toEqual({
      name: 'extra',
      kind: 'mqtt',
      place: { host: '127.0.0.1', port: 1 },
      tls: null,
      proxyProtocol: true,
      trustedProxies: ['10.0.0.0/8', '::1'],
      allowAnonymous: true,
      maxConnections: 10,
      maxPacketBytes: 2048,
      setting: 'listeners[0].port',
    });
  });

  test('tls: true is the certificate of all', () => {
    expect(planned({ ...pair, ...oneListener({ tls: true }) })[4]?.tls).toMatchObject({ cert: '/cert.pem' });
    const own = { cert: '/own.pem', key: '/own.key' };
    expect(planned({ ...pair, ...oneListener({ tls: own }) })[4]?.tls).toMatchObject(own);
    expect(planned(oneListener({ tls: false }))[2]?.tls).toBeNull();
  });

  test('may be a Unix socket, which its group may open', () => {
    const socket = { port: undefined, socket: '/run/perch.sock' };
    expect(planned(oneListener(socket))[2]?.place).toEqual({ socket: '/run/perch.sock', mode: 0o660 });
    expect(planned(oneListener({ ...socket, mode: '600' }))[2]?.place).toMatchObject({ mode: 0o600 });
  });
});

describe('what does not fit together is said by the names of the settings', () => {
  test.each([
    [{ tlsCert: '/cert.pem' }, 'tlsKey is missing: tlsCert needs its key.'],
    [{ tlsKey: '/key.pem' }, 'tlsCert is missing: tlsKey needs its certificate.'],
    [{ mqttsPort: 8883 }, 'mqttsPort needs a certificate: give tlsCert and tlsKey.'],
    [{ httpsPort: 0 }, 'httpsPort needs a certificate: give tlsCert and tlsKey.'],
    [
      { ...pair, tlsClientCertificates: 'optional' },
      'tlsClientCertificates needs to know who signs them: give tlsClientCa.',
    ],
    [
      { tlsClientCa: '/ca.pem', tlsClientCertificates: 'optional' },
      'tlsClientCertificates needs a certificate of the server: give tlsCert and tlsKey.',
    ],
    [
      { ...pair, tlsCertificateAs: 'username' },
      'tlsCertificateAs needs tlsClientCertificates to be optional or required.',
    ],
    [{ httpPort: 'off' }, /^There is no door for the dashboard/],
    [oneListener({ port: undefined }), 'listeners[0] needs either a port or a socket.'],
    [oneListener({ socket: '/x' }), 'listeners[0] needs either a port or a socket.'],
    [oneListener({ mode: '600' }), 'listeners[0].mode has no meaning for a port.'],
    [oneListener({ port: undefined, socket: '/x', host: '::1' }), 'listeners[0].host has no meaning for a socket.'],
    [
      oneListener({ proxyProtocol: true }),
      'listeners[0].proxyProtocol needs to know whom to believe: give trustedProxies.',
    ],
    [
      oneListener({ tls: true }),
      'listeners[0].tls needs a certificate and its key: give cert and key, or tlsCert and tlsKey.',
    ],
    [
      { ...pair, ...oneListener({ tls: { cert: '/own.pem' } }) },
      'listeners[0].tls needs a certificate and its key: give cert and key, or tlsCert and tlsKey.',
    ],
    [
      { ...pair, ...oneListener({ tls: { clientCertificates: 'required' } }) },
      'listeners[0].tls.clientCertificates needs to know who signs them: give listeners[0].tls.clientCa.',
    ],
    [
      { ...pair, ...oneListener({ tls: { certificateAs: 'client-id' } }) },
      'listeners[0].tls.certificateAs needs listeners[0].tls.clientCertificates to be optional or required.',
    ],
    [oneListener({ name: 'mqtt' }), 'There are two listeners with the name mqtt.'],
    [oneListener({ port: 1883 }), 'listeners[0].port is the same as --mqtt-port (PERCH_MQTT_PORT).'],
  ] satisfies [Settings, string | RegExp][])('%j', (settings, problem) => {
    const problems = problemsOf(settings);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual(problem instanceof RegExp ? expect.stringMatching(problem) : problem);
  });
});

describe('a wrong field of an entry is named', () => {
  const source = 'the flag --listeners';

  test.each([
    [
      { name: 'Extra!' },
      `listeners[0].name: "Extra!" from ${source} is not a name of small letters, digits and hyphens.`,
    ],
    [{ kind: 'amqp' }, `listeners[0].kind: "amqp" from ${source} is not mqtt, websocket, http or registry.`],
    [{ kind: undefined }, `listeners[0].kind is missing in ${source}: give it mqtt, websocket, http or registry.`],
    [
      { port: 65_536 },
      `listeners[0].port: 65536 from ${source} is not a port number from 0 to 65535 (0 picks a free one).`,
    ],
    [{ mode: '999' }, `listeners[0].mode: "999" from ${source} is not three octal digits such as "660".`],
    [{ tls: 'yes' }, `listeners[0].tls: "yes" from ${source} is not true, false or an object.`],
    [
      { tls: { clientCertificates: 'maybe' } },
      `listeners[0].tls.clientCertificates: "maybe" from ${source} is not off, optional or required.`,
    ],
    [
      { trustedProxies: ['10.0.0.0/33'] },
      `listeners[0].trustedProxies: ["10.0.0.0/33"] from ${source} is not a list of IP addresses and blocks like 10.0.0.0/8.`,
    ],
    [{ colour: 'red' }, `Unknown key listeners[0].colour in ${source}.`],
    [{ maxConnection: 1 }, `Unknown key listeners[0].maxConnection in ${source}. Did you mean maxConnections?`],
    [{ tls: { cret: '/x' } }, `Unknown key listeners[0].tls.cret in ${source}. Did you mean cert?`],
  ] satisfies [Settings, string][])('%j', (fields, problem) => {
    expect(problemsOf(oneListener(fields))).toEqual([problem]);
  });

  test('all of them are said at once', () => {
    expect(
      problemsOf({ listeners: [{ name: 'a', kind: 'mqtt', port: -1 }, { name: '', kind: 'x', port: 1 }, 7] }),
    ).toHaveLength(4);
  });

  test('what is no list of listeners is said to be none', () => {
    expect(problemsOf({ listeners: '{ "name": "a" }' })).toEqual([
      'listeners: "{ \\"name\\": \\"a\\" }" from the flag --listeners is not a list of listeners.',
    ]);
    expect(problemsOf({ trustedProxies: 'localhost' })).toEqual([
      'trustedProxies: "localhost" from the flag --trusted-proxies is not a list of IP addresses and blocks like 10.0.0.0/8.',
    ]);
  });
});
