import { settingNotes, wholeNumber } from './setting.js';

/** What is remembered of refusals, and of what happened to clients. */
export const refusalSettings = {
  refusalRetentionDays: wholeNumber(1, 3_650).default(30).register(settingNotes, {
    describe: 'How long it is remembered what was refused to whom, and why.',
    allowed: 'a whole number from 1 to 3650',
  }),
  timelineRetentionDays: wholeNumber(1, 3_650).default(30).register(settingNotes, {
    describe: 'How long it is remembered when a client came and went, and why.',
    allowed: 'a whole number from 1 to 3650',
  }),
  timelineEventsPerClient: wholeNumber(10, 100_000).default(500).register(settingNotes, {
    describe: 'How much of that is remembered of one client: older events make room.',
    allowed: 'a whole number from 10 to 100000',
  }),
};
