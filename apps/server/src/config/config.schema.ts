import { resolve } from 'node:path';
import { z } from 'zod';
import { AccessSettings } from '../policy/access-settings.schema.js';
import { abuseSettings } from './abuse-settings.js';
import { bridgesSchema } from './bridge.schema.js';
import { clientSettings } from './client-settings.js';
import { doorSettings } from './door-settings.js';
import { generalSettings } from './general-settings.js';
import {
  certificateAs,
  certificateAsNotes,
  clientCertificateNotes,
  clientCertificates,
  host,
  hostNotes,
  listenerSchema,
  proxies,
  proxyNotes,
} from './listener.schema.js';
import { metricsSettings } from './metrics-settings.js';
import { refusalSettings } from './refusal-settings.js';
import { sessionSettings } from './session-settings.js';
import { privacySettings } from './privacy-settings.js';
import { signInSettings } from './sign-in-settings.js';
import { tailSettings } from './tail-settings.js';
import { tracingSettings } from './tracing-settings.js';
import { FILE, filePath, fromJson, PORT_OR_OFF, portOrOff, settingNotes, wholeNumber, yesOrNo } from './setting.js';

const MIB = 1024 * 1024;

const isPostgresUrl = (url: string) => URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);

/** Every setting of the server, its default and what it means. The only list of them. */
export const configSchema = z.strictObject({
  ...generalSettings,
  host: host().default('0.0.0.0').register(settingNotes, hostNotes),
  httpPort: portOrOff().default(8080).register(settingNotes, {
    describe: 'The dashboard, the REST API and WebSocket clients.',
    allowed: PORT_OR_OFF,
  }),
  mqttPort: portOrOff().default(1883).register(settingNotes, {
    describe: 'MQTT over TCP.',
    allowed: PORT_OR_OFF,
  }),
  httpsPort: portOrOff().optional().register(settingNotes, {
    describe: 'The same as at the HTTP port, over TLS. 8443 once there is a certificate.',
    allowed: PORT_OR_OFF,
  }),
  mqttsPort: portOrOff().optional().register(settingNotes, {
    describe: 'MQTT over TLS. 8883 once there is a certificate.',
    allowed: PORT_OR_OFF,
  }),
  tlsCert: filePath().optional().register(settingNotes, {
    describe:
      'The certificate and those between it and its authority, as PEM. Read again when it changes and on SIGHUP.',
    allowed: FILE,
  }),
  tlsKey: filePath().optional().register(settingNotes, {
    describe: 'The key of the certificate, as PEM.',
    allowed: FILE,
  }),
  tlsClientCa: filePath().optional().register(settingNotes, {
    describe: 'The authorities that sign the certificates of clients, as PEM.',
    allowed: FILE,
  }),
  tlsClientCertificates: clientCertificates()
    .default('off')
    .register(settingNotes, {
      ...clientCertificateNotes,
      describe: 'Whether clients are asked for a certificate at the port of MQTT over TLS.',
    }),
  tlsCertificateAs: certificateAs().default('nothing').register(settingNotes, certificateAsNotes),
  trustedProxies: proxies().default([]).register(settingNotes, proxyNotes),
  listeners: fromJson(z.array(listenerSchema)).default([]).register(settingNotes, {
    describe: 'More doors, each with settings of its own: docs/operating.md has examples.',
    allowed: 'a list of listeners',
  }),
  bridges: fromJson(bridgesSchema).default([]).register(settingNotes, {
    describe: 'Events of clients, handed on to a webhook or to CSV files: docs/bridges.md has examples.',
    allowed: 'a list of bridges',
    isSecret: true,
  }),
  dataDir: z
    .string()
    .min(1)
    .default('./data')
    .transform((path) => resolve(path))
    .register(settingNotes, {
      describe: 'The folder of the built-in database; not used with DATABASE_URL.',
      allowed: 'the path of a folder',
    }),
  databaseUrl: z.string().refine(isPostgresUrl).optional().register(settingNotes, {
    describe: 'A Postgres of your own instead of the built-in one.',
    allowed: 'a URL like postgresql://user:password@host:5432/database',
    isSecret: true,
  }),
  adminPassword: z.string().min(12).max(1024).optional().register(settingNotes, {
    describe: 'Creates the operator "admin" at the first start, instead of the set-up link.',
    allowed: 'a password of 12 characters or more',
    isSecret: true,
  }),
  allowAnonymous: yesOrNo().default(false).register(settingNotes, {
    describe: 'Lets clients connect without user name and password.',
    allowed: 'true or false',
  }),
  access: fromJson(AccessSettings).optional().register(settingNotes, {
    describe:
      'Who may come in: authenticators and authorizers as in GET /settings/access, settled here and not in the dashboard.',
    allowed: 'an object with authenticators and authorizers: docs/access.md has examples',
    isSecret: true,
  }),
  policyDefault: z.enum(['deny', 'allow']).default('deny').register(settingNotes, {
    describe: 'What holds where no rule says anything, in the first policy of a new database.',
    allowed: 'deny or allow',
  }),
  tellReasons: yesOrNo().default(false).register(settingNotes, {
    describe:
      'Tells clients which rule refused them. Whoever may connect can learn the rules from it, by trying one topic after another.',
    allowed: 'true or false',
  }),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').register(settingNotes, {
    describe: 'How much is logged.',
    allowed: 'one of trace, debug, info, warn, error, silent',
  }),
  maxConnections: wholeNumber(1, 1_000_000).default(20_000).register(settingNotes, {
    describe: 'Open connections of clients, over all listeners.',
    allowed: 'a whole number from 1 to 1000000',
  }),
  maxPacketBytes: wholeNumber(1024, 256 * MIB)
    .default(MIB)
    .register(settingNotes, {
      describe: 'The largest packet taken from a client.',
      allowed: 'a whole number from 1024 to 268435456',
    }),
  maxQueuedBytes: wholeNumber(64 * 1024, 1024 * MIB)
    .default(4 * MIB)
    .register(settingNotes, {
      describe: 'What is held back for one slow client before it loses messages.',
      allowed: 'a whole number from 65536 to 1073741824',
    }),
  maxRetainedMessages: wholeNumber(0, 100_000_000).default(1_000_000).register(settingNotes, {
    describe: 'Topics that keep a retained message.',
    allowed: 'a whole number from 0 to 100000000',
  }),
  connectTimeoutMs: wholeNumber(100, 600_000).default(10_000).register(settingNotes, {
    describe: 'How long a new connection may take to introduce itself.',
    allowed: 'a whole number from 100 to 600000',
  }),
  maxKeepAliveSeconds: wholeNumber(5, 65_535).default(3_600).register(settingNotes, {
    describe: 'The longest silence a client may ask for with its keep-alive.',
    allowed: 'a whole number from 5 to 65535',
  }),
  ...abuseSettings,
  ...clientSettings,
  ...doorSettings,
  ...sessionSettings,
  ...refusalSettings,
  ...metricsSettings,
  ...tailSettings,
  ...privacySettings,
  ...signInSettings,
  ...tracingSettings,
});

/** The settings of a running server. */
export type Config = Readonly<z.output<typeof configSchema>>;

/** The name of a setting, as it is written in the file. */
export type ConfigKey = keyof Config;
