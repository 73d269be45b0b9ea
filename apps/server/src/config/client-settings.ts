import { z } from 'zod';
import { settingNotes, wholeNumber } from './setting.js';

/** A topic once its placeholders are filled in. */
const TOPIC_PREFIX = /^[^+#\0]+$/;

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
  maxTopicAliases: wholeNumber(0, 65_535).default(32).register(settingNotes, {
    describe: 'Topic aliases that one MQTT 5 client may set, and that it is sent where it takes any.',
    allowed: 'a whole number from 0 to 65535',
  }),
  responseTopicPrefix: z.string().max(1024).regex(TOPIC_PREFIX).optional().register(settingNotes, {
    describe: 'What MQTT 5 clients are told that ask where to expect answers, such as responses/%c/.',
    allowed: 'a topic; %c is the client id, %u the user name',
  }),
  serverReference: z.string().min(1).max(1024).optional().register(settingNotes, {
    describe: 'Where MQTT 5 clients are sent when this server is full or goes down.',
    allowed: 'one or more servers like mqtt2.example.com:1883, with spaces between them',
  }),
};
