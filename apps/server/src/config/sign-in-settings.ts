import { settingNotes, wholeNumber } from './setting.js';

/** How operators stay signed in to the dashboard. */
export const signInSettings = {
  signInIdleMinutes: wholeNumber(5, 10_080).default(720).register(settingNotes, {
    describe:
      'After how many minutes without anybody there an operator is logged out. Two minutes before, the page asks; a week after the login it ends in any case.',
    allowed: 'a whole number from 5 to 10080',
  }),
};
