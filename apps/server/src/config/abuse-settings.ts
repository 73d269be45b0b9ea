import { z } from 'zod';
import { LEAST_SCRAM_ITERATIONS } from '../policy/scram-keys.js';
import { settingNotes, wholeNumber } from './setting.js';

const MIB = 1024 * 1024;

/** What keeps a client, an address or a user from taking more than its share. */
export const abuseSettings = {
  scramIterations: wholeNumber(0, 10_000_000)
    .refine((iterations) => iterations === 0 || iterations >= LEAST_SCRAM_ITERATIONS)
    .default(32_768)
    .register(settingNotes, {
      describe:
        'The work that SCRAM-SHA-256 puts into a password, on the server once and on the client at each log-in.',
      allowed: 'a whole number from 4096 to 10000000, or 0 for no SCRAM',
    }),
  maxFailedLogins: wholeNumber(1, 1_000_000).default(10).register(settingNotes, {
    describe: 'Wrong passwords of one user from one address before that user is banned from there.',
    allowed: 'a whole number from 1 to 1000000',
  }),
  maxFailedLoginsPerAddress: wholeNumber(1, 1_000_000).default(100).register(settingNotes, {
    describe: 'Wrong passwords from one address, over all users, before the address is banned.',
    allowed: 'a whole number from 1 to 1000000',
  }),
  loginBanSeconds: wholeNumber(1, 86_400).default(300).register(settingNotes, {
    describe: 'How long wrong passwords are counted, and how long a ban lasts.',
    allowed: 'a whole number from 1 to 86400',
  }),
  flappingThreshold: wholeNumber(2, 1_000).default(15).register(settingNotes, {
    describe: 'Disconnects of one client within the window at which it is said to flap.',
    allowed: 'a whole number from 2 to 1000',
  }),
  flappingWindowSeconds: wholeNumber(1, 600).default(60).register(settingNotes, {
    describe: 'The window that these disconnects are counted in.',
    allowed: 'a whole number from 1 to 600',
  }),
  flappingBan: z.enum(['off', 'on']).default('off').register(settingNotes, {
    describe: 'Whether the client id of a client that flaps is banned.',
    allowed: 'off or on',
  }),
  flappingBanSeconds: wholeNumber(1, 86_400).default(300).register(settingNotes, {
    describe: 'How long such a ban lasts.',
    allowed: 'a whole number from 1 to 86400',
  }),
  maxConnectionsPerAddress: wholeNumber(0, 1_000_000).default(0).register(settingNotes, {
    describe: 'Open connections from one IPv4 address or IPv6 network (/64); 0 for no bound.',
    allowed: 'a whole number from 0 to 1000000',
  }),
  maxConnectionsPerUser: wholeNumber(0, 1_000_000).default(0).register(settingNotes, {
    describe: 'Open connections of one user; 0 for no bound.',
    allowed: 'a whole number from 0 to 1000000',
  }),
  maxConnectsPerSecond: wholeNumber(0, 1_000_000).default(0).register(settingNotes, {
    describe: 'New connections in a second, after a rest five times as many; 0 for no bound.',
    allowed: 'a whole number from 0 to 1000000',
  }),
  maxConnectsPerSecondPerAddress: wholeNumber(0, 1_000_000).default(0).register(settingNotes, {
    describe: 'The same from one address; 0 for no bound.',
    allowed: 'a whole number from 0 to 1000000',
  }),
  maxPublishesPerSecond: wholeNumber(0, 10_000_000).default(0).register(settingNotes, {
    describe:
      'What one client (over HTTP: one user) may publish in a second, after a rest twice as much, before it is slowed; 0: any.',
    allowed: 'a whole number from 0 to 10000000',
  }),
  maxPublishBytesPerSecond: wholeNumber(0, 10_000 * MIB)
    .default(0)
    .register(settingNotes, {
      describe: 'The same in bytes of payload; 0 for no bound.',
      allowed: 'a whole number from 0 to 10485760000',
    }),
  maxQueuedBytesInAll: wholeNumber(MIB, 1_048_576 * MIB)
    .default(256 * MIB)
    .register(settingNotes, {
      describe: 'What is held back for all slow clients together before publishers are slowed down.',
      allowed: 'a whole number from 1048576 to 1099511627776',
    }),
  stalledTimeoutMs: wholeNumber(1_000, 86_400_000).default(120_000).register(settingNotes, {
    describe: 'How long a client may take nothing of what waits for it before it is disconnected.',
    allowed: 'a whole number from 1000 to 86400000',
  }),
};
