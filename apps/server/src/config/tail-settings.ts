import { settingNotes, wholeNumber } from './setting.js';

/** What operators see of messages as they pass. */
export const tailSettings = {
  tailMessagesPerSecond: wholeNumber(1, 1_000).default(50).register(settingNotes, {
    describe: 'Messages in a second that one operator is shown of those that pass, over all of the live tails.',
    allowed: 'a whole number from 1 to 1000',
  }),
  tailPayloadBytes: wholeNumber(0, 1_048_576)
    .default(16 * 1024)
    .register(settingNotes, {
      describe: 'How much of each payload is shown there.',
      allowed: 'a whole number from 0 to 1048576',
    }),
};
