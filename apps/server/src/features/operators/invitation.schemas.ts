import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { roles } from '../../http/permission.js';
import { operatorName, operatorPassword } from './operator.schemas.js';

/** Somebody who was asked to become an operator and has not yet. */
export const Invitation = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' });

export type Invitation = z.infer<typeof Invitation>;

export const InvitationList = z.object({ items: z.array(Invitation) }).meta({ id: 'InvitationList' });

export type InvitationList = z.infer<typeof InvitationList>;

export const NewInvitation = z.strictObject({ name: operatorName, role: z.enum(roles) }).meta({ id: 'NewInvitation' });

export type NewInvitation = z.infer<typeof NewInvitation>;

/** An invitation with its token, which is told in this one answer. */
export const IssuedInvitation = z
  .object({
    invitation: Invitation,
    path: z.string().describe('Behind the address of the dashboard, the link to hand over. Shown this once.'),
  })
  .meta({ id: 'IssuedInvitation' });

export type IssuedInvitation = z.infer<typeof IssuedInvitation>;

const token = z.string().max(256);

export const InvitationToken = z.strictObject({ token }).meta({ id: 'InvitationToken' });

export type InvitationToken = z.infer<typeof InvitationToken>;

export const AcceptedInvitation = z
  .strictObject({ token, password: operatorPassword })
  .meta({ id: 'AcceptedInvitation' });

export type AcceptedInvitation = z.infer<typeof AcceptedInvitation>;
