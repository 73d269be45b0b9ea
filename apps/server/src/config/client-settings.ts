import { settingNotes, wholeNumber } from './setting.js';

/** What one client may have and do. */
export const clientSettings = {
  maxTopicBytes: wholeNumber(1, 65_535).default(65_535).register(settingNotes, {
    describe: 'The longest topic or filter, in bytes of UTF-8.',
    allowed: 'a whole number from 1 to 65535',
  }),
  maxTopicLevels: wholeNumber(1, 65_535).default(128).register(settingNotes, {
    describe: 'The most levels of a topic or filter.',
    allowed: 'a whole number from 1 to 65535',
  }),
  maxSubscriptions: wholeNumber(1, 1_000_000).default(10_000).register(settingNotes, {
    describe: 'Subscriptions of one client.',
    allowed: 'a whole number from 1 to 1000000',
  }),
  maxInFlight: wholeNumber(1, 65_535).default(1_024).register(settingNotes, {
    describe: 'QoS 1 and 2 messages on their way to one client that it has not acknowledged.',
    allowed: 'a whole number from 1 to 65535',
  }),
  maxReceiving: wholeNumber(1, 65_535).default(1_024).register(settingNotes, {
    describe: 'QoS 1 and 2 messages of one client that are not acknowledged: its Receive Maximum.',
    allowed: 'a whole number from 1 to 65535',
  }),
};
