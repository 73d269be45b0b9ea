import { parseAddressRange } from '@perch/policy';
import { z } from 'zod';
import { instant, line, needle, text } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';

const kind = z.enum(['clientid', 'username', 'ipaddr']);
const state = z.enum(['active', 'ended', 'lifted']);

/** Who may not connect, until when. */
export const Ban = z
  .object({
    id: z.string(),
    kind,
    value: z.string().describe('Exact text; for `ipaddr` an address or a CIDR block.'),
    state,
    reason: z.string(),
    createdBy: z.string(),
    createdAt: instant,
    until: instant.nullable().describe('Null: for ever.'),
    liftedAt: instant.nullable(),
    liftedBy: z.string().nullable(),
    hits: z.int().describe('Connects that it refused.'),
    lastHitAt: instant.nullable(),
  })
  .meta({ id: 'Ban' });

export type Ban = z.infer<typeof Ban>;

export const BanPage = z.object({ items: z.array(Ban), next: nextCursor, total: z.int() }).meta({ id: 'BanPage' });

export type BanPage = z.infer<typeof BanPage>;

export const BanQuery = z.strictObject({
  state: state.optional(),
  kind: kind.optional(),
  q: needle.optional().describe('Part of the value or of the reason.'),
  ...pageQuery(500, 100),
});

export type BanQuery = z.infer<typeof BanQuery>;

/** Who is meant. */
export const banTarget = { kind, value: line(65_535).min(1) };
const until = z.iso
  .datetime({ offset: true })
  .nullable()
  .refine((at) => at === null || Date.parse(at) > Date.now(), 'must be in the future');

/** What operators say of it. */
export const reason = text(500);

/** Whether the value is what its kind needs. */
export function isTarget(ban: { kind: string; value: string }): boolean {
  return ban.kind !== 'ipaddr' || parseAddressRange(ban.value) !== null;
}

/** What to say where it is not. */
export const notAnAddress = {
  path: ['value'],
  message: 'must be an address or a CIDR block, such as 10.0.0.7 or 10.0.0.0/8',
};

export const NewBan = z
  .strictObject({ ...banTarget, reason: reason.default(''), until: until.default(null) })
  .refine(isTarget, notAnAddress)
  .meta({ id: 'NewBan' });

export type NewBan = z.infer<typeof NewBan>;

/** A ban that was just made, and how many connections it ended. */
export const CreatedBan = Ban.extend({ disconnected: z.int() }).meta({ id: 'CreatedBan' });

export type CreatedBan = z.infer<typeof CreatedBan>;

export const BulkBan = z
  .strictObject({
    clientIds: z.array(z.string().min(1).max(1024)).min(1).max(10_000),
    reason: reason.default(''),
    until: until.default(null),
  })
  .meta({ id: 'BulkBan' });

export type BulkBan = z.infer<typeof BulkBan>;

export const BulkBanResult = z
  .object({
    created: z.int(),
    existing: z.int().describe('They were banned already: those bans stay as they are.'),
    disconnected: z.int(),
  })
  .meta({ id: 'BulkBanResult' });

export type BulkBanResult = z.infer<typeof BulkBanResult>;

export const BanPatch = z.strictObject({ reason: reason.optional(), until: until.optional() }).meta({ id: 'BanPatch' });

export type BanPatch = z.infer<typeof BanPatch>;

export const BanTarget = z.strictObject(banTarget).refine(isTarget, notAnAddress).meta({ id: 'BanTarget' });

export type BanTarget = z.infer<typeof BanTarget>;

/** Whom a ban would meet now. */
export const BanPreview = z
  .object({
    online: z.int().describe('Connections that it would end.'),
    known: z.int().describe('Clients that it speaks of, online or not.'),
    sample: z.array(
      z.object({ clientId: z.string(), username: z.string().nullable(), address: z.string().nullable() }),
    ),
    isOwnAddress: z.boolean().describe('It would keep out the address that this request came from: it cannot be set.'),
    bannedBy: Ban.nullable().describe('The ban of the same that holds already: no other can be set.'),
  })
  .meta({ id: 'BanPreview' });

export type BanPreview = z.infer<typeof BanPreview>;
