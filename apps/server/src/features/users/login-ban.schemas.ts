import { z } from 'zod';
import { instant, line } from '../../http/fields.js';

const address = line(64).min(1).describe('An address, the /64 block of an IPv6 address, or `local`.');

/** A user that is kept out where too many wrong passwords for it came from, and nowhere else. */
export const LoginBan = z
  .object({ address, since: instant, until: instant })
  .describe('Clients whose password was verified lately are let in all the same.')
  .meta({ id: 'LoginBan' });

export type LoginBan = z.infer<typeof LoginBan>;

export const LoginBanList = z.object({ items: z.array(LoginBan) }).meta({ id: 'LoginBanList' });

export type LoginBanList = z.infer<typeof LoginBanList>;

export const LoginBanQuery = z.strictObject({ address });

export type LoginBanQuery = z.infer<typeof LoginBanQuery>;

export const NewLoginBan = z
  .strictObject({
    address,
    until: z.iso
      .datetime({ offset: true })
      .refine((at) => Date.parse(at) > Date.now(), 'must be in the future')
      .describe('It ends no later than it would if wrong passwords had come now.'),
  })
  .meta({ id: 'NewLoginBan' });

export type NewLoginBan = z.infer<typeof NewLoginBan>;
