import { z } from 'zod';
import { settingNotes, wholeNumber, yesOrNo } from './setting.js';

const MIB = 1024 * 1024;
const FOR_EVER = 4_294_967_295;

/** What durable sessions may have. */
export const sessionSettings = {
  maxSessionExpirySeconds: wholeNumber(1, FOR_EVER)
    .default(7 * 24 * 3600)
    .register(settingNotes, {
      describe: 'How long a durable session waits for its client to come back. MQTT 3 clients get all of it.',
      allowed: 'a whole number from 1 to 4294967295 (which is for ever)',
    }),
  maxSessions: wholeNumber(0, 10_000_000).default(500_000).register(settingNotes, {
    describe: 'Durable sessions in all.',
    allowed: 'a whole number from 0 to 10000000',
  }),
  maxSessionMessages: wholeNumber(1, 10_000_000).default(10_000).register(settingNotes, {
    describe: 'Messages that one session is owed.',
    allowed: 'a whole number from 1 to 10000000',
  }),
  maxSessionBytes: wholeNumber(1024, 1_048_576 * MIB)
    .default(64 * MIB)
    .register(settingNotes, {
      describe: 'Bytes of messages, payload and properties, that one durable session is owed.',
      allowed: 'a whole number from 1024 to 1099511627776',
    }),
  maxStoredMessages: wholeNumber(1, 1_000_000_000).default(5_000_000).register(settingNotes, {
    describe: 'Messages that all durable sessions are owed; one that several are owed counts for each.',
    allowed: 'a whole number from 1 to 1000000000',
  }),
  maxStoredBytes: wholeNumber(MIB, 1_048_576 * MIB)
    .default(4096 * MIB)
    .register(settingNotes, {
      describe: 'Bytes of messages that all durable sessions are owed.',
      allowed: 'a whole number from 1048576 to 1099511627776',
    }),
  whenQueueFull: z.enum(['drop', 'refuse']).default('drop').register(settingNotes, {
    describe: 'At these bounds: drop the new message for that session, or refuse it to its publisher.',
    allowed: 'drop or refuse',
  }),
  queueQos0: yesOrNo().default(false).register(settingNotes, {
    describe: 'Keeps QoS 0 messages, too, for durable sessions that are offline. They are the first to go.',
    allowed: 'true or false',
  }),
  resumeSeconds: wholeNumber(0, 86_400).default(120).register(settingNotes, {
    describe: 'How long after a break a session of perch.json can be resumed; 0 for not at all.',
    allowed: 'a whole number from 0 to 86400',
  }),
  maxResumeBytes: wholeNumber(0, 1_048_576 * MIB)
    .default(128 * MIB)
    .register(settingNotes, {
      describe:
        'Bytes of frames kept in memory for all sessions that can be resumed; one that several have counts for each.',
      allowed: 'a whole number from 0 to 1099511627776',
    }),
};
