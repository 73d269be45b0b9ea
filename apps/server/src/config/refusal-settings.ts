import { settingNotes, wholeNumber } from './setting.js';

/** What is remembered of refusals. */
export const refusalSettings = {
  refusalRetentionDays: wholeNumber(1, 3_650).default(30).register(settingNotes, {
    describe: 'How long it is remembered what was refused to whom, and why.',
    allowed: 'a whole number from 1 to 3650',
  }),
};
