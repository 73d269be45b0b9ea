import { z } from 'zod';
import { settingNotes } from './setting.js';

/** Who may collect metrics. */
export const metricsSettings = {
  metricsAccess: z.enum(['signed-in', 'anyone']).default('signed-in').register(settingNotes, {
    describe: 'Who may read /metrics: who is signed in or has an API key or the token below, or anyone.',
    allowed: 'signed-in or anyone',
  }),
  metricsToken: z.string().min(16).max(1024).optional().register(settingNotes, {
    describe: 'What a scraper may send to /metrics instead of signing in: Authorization: Bearer <token>.',
    allowed: 'a text of 16 characters or more',
    isSecret: true,
  }),
};
