import { isIP } from 'node:net';
import { parseAddressRange } from '@perch/policy';
import { z } from 'zod';
import { FILE, filePath, listOf, PORT, settingNotes, wholeNumber, yesOrNo } from './setting.js';

const MIB = 1024 * 1024;

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const isHost = (host: string) => isIP(host) !== 0 || hostName.test(host);

/** An address to listen on. */
export const hostNotes = { describe: 'The address to listen on.', allowed: 'an IP address or a host name' };
export const host = () => z.string().refine(isHost);

/** Addresses and blocks of proxies that are believed. */
export const proxyNotes = {
  describe: 'The proxies whose word is taken for where a client comes from.',
  allowed: 'a list of IP addresses and blocks like 10.0.0.0/8',
};
export const proxies = () => listOf(z.string().refine((text) => parseAddressRange(text) !== null));

export const clientCertificateNotes = {
  describe: 'Whether clients are asked for a certificate.',
  allowed: 'off, optional or required',
};
export const clientCertificates = () => z.enum(['off', 'optional', 'required']);

export const certificateAsNotes = {
  describe:
    "What the name (CN) in a client's certificate is: its user name, which then needs no password, or its client id.",
  allowed: 'nothing, username or client-id',
};
export const certificateAs = () => z.enum(['nothing', 'username', 'client-id']);

/** Of one listener; what is left out is as in the settings for all of them. */
export const listenerTlsSchema = z.strictObject({
  cert: filePath().optional().register(settingNotes, { describe: 'Its certificate.', allowed: FILE }),
  key: filePath().optional().register(settingNotes, { describe: 'The key of its certificate.', allowed: FILE }),
  clientCa: filePath()
    .optional()
    .register(settingNotes, { describe: 'Who signs the certificates of clients.', allowed: FILE }),
  clientCertificates: clientCertificates().default('off').register(settingNotes, clientCertificateNotes),
  certificateAs: certificateAs().default('nothing').register(settingNotes, certificateAsNotes),
});

/** One entry of `listeners`. */
export const listenerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
    .register(settingNotes, {
      describe: 'What it is called in the log and over REST.',
      allowed: 'a name of small letters, digits and hyphens',
    }),
  kind: z.enum(['mqtt', 'websocket', 'http', 'registry']).register(settingNotes, {
    describe: 'MQTT; all that comes over WebSocket; this with the dashboard and REST; or the registry of FLOCK alone.',
    allowed: 'mqtt, websocket, http or registry',
  }),
  host: host().optional().register(settingNotes, hostNotes),
  port: wholeNumber(0, 65_535).optional().register(settingNotes, { describe: 'The port.', allowed: PORT }),
  socket: filePath().optional().register(settingNotes, {
    describe: 'A Unix socket instead of a port.',
    allowed: 'the path of a Unix socket',
  }),
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/)
    .optional()
    .register(settingNotes, {
      describe: 'Who may connect to the Unix socket, as chmod has it; 660 when left out.',
      allowed: 'three octal digits such as "660"',
    }),
  tls: z
    .preprocess((value) => (value === true ? {} : value === false ? null : value), listenerTlsSchema.nullable())
    .default(null)
    .register(settingNotes, { describe: 'TLS, with settings of its own.', allowed: 'true, false or an object' }),
  proxyProtocol: yesOrNo().default(false).register(settingNotes, {
    describe: 'Takes connections only from trusted proxies that send a PROXY protocol header.',
    allowed: 'true or false',
  }),
  trustedProxies: proxies().optional().register(settingNotes, proxyNotes),
  allowAnonymous: yesOrNo().optional().register(settingNotes, {
    describe: 'Lets clients connect here without user name and password, or not.',
    allowed: 'true or false',
  }),
  maxConnections: wholeNumber(1, 1_000_000).optional().register(settingNotes, {
    describe: 'Open connections here.',
    allowed: 'a whole number from 1 to 1000000',
  }),
  maxPacketBytes: wholeNumber(1024, 256 * MIB)
    .optional()
    .register(settingNotes, {
      describe: 'The largest packet taken from a client here.',
      allowed: 'a whole number from 1024 to 268435456',
    }),
});

/** What the file says of one listener. */
export type ListenerEntry = z.output<typeof listenerSchema>;
