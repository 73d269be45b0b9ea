import { z } from 'zod';
import { settingNotes } from './setting.js';

/** Who is shown what messages hold. */
export const privacySettings = {
  payloadsReadBy: z.enum(['viewer', 'operator', 'admin', 'nobody']).default('operator').register(settingNotes, {
    describe:
      'The least role that may read what messages hold: retained messages, live tails, exports, and event streams of operators and API keys. Clients read what the rules allow.',
    allowed: 'viewer, operator, admin or nobody',
  }),
};
