import { KICK_CODES } from '@perch/broker';
import { z } from 'zod';
import { instant, line, needle, yesOrNo } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';
import { Rule } from '../policy/rule.schemas.js';

const protocol = z.enum(['mqtt3.1', 'mqtt3.1.1', 'mqtt5', 'json', 'flywheel', 'flock', 'sse']);
const moment = z.iso.datetime({ offset: true });
const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);

/** What the session of a client has on its hands; counts begin with its connection. */
export const ClientLoad = z
  .object({
    clientId: z.string(),
    connectedAt: instant.nullable().describe('Of the connection that serves it; null while it is away.'),
    subscriptions: z.int(),
    inFlight: z.int().describe('Messages sent and not yet acknowledged.'),
    queued: z.int().describe('Messages that wait for it.'),
    messagesIn: z.int(),
    messagesOut: z.int(),
  })
  .meta({ id: 'ClientLoad' });

export type ClientLoad = z.infer<typeof ClientLoad>;

/** Whatever connects and has a client id, as presence knows it. */
export const Client = z
  .object({
    clientId: z.string(),
    online: z.boolean(),
    hasSession: z
      .boolean()
      .describe('A session serves it, or is kept for it. Without one it is gone: just remembered.'),
    since: instant,
    seq: z.int(),
    username: z.string().nullable(),
    authenticator: z
      .string()
      .nullable()
      .describe(
        'What let it in: `users` (also by a certificate that is a user), `certificate`, `anonymous`, `jwt/<id>` or `http/<id>`; null where that is not known.',
      ),
    address: z.string().nullable(),
    protocol,
    node: z.string(),
    reason: z.string().nullable(),
    connectedForMs: z.number().nullable(),
    flaps: z
      .int()
      .optional()
      .describe('Disconnects in the last ten minutes, 100 or the threshold for that many or more; left out: none.'),
    banned: z.literal(true).optional().describe('A ban keeps it out.'),
    flapping: z
      .literal(true)
      .optional()
      .describe('It went three times in the last ten minutes, or reached the threshold of flapping.'),
    load: ClientLoad.optional().describe('Where it is asked for, and the client has a session.'),
  })
  .meta({ id: 'Client' });

export type Client = z.infer<typeof Client>;

/** One page, with how many there are in all, and the presence sequence number as it was before the page was read. */
export const ClientPage = z
  .object({ items: z.array(Client), next: nextCursor, seq: z.int(), online: z.int(), offline: z.int(), gone: z.int() })
  .meta({ id: 'ClientPage' });

export type ClientPage = z.infer<typeof ClientPage>;

/** Which clients are meant; with everything left out, all of them. */
const filter = {
  state: z
    .enum(['online', 'offline', 'gone'])
    .optional()
    .describe('`offline`: away, with a session to come back to; `gone`: without one.'),
  q: needle.optional().describe('Part of the client id, user name or address.'),
  username: needle.optional(),
  protocol: protocol.optional(),
  address: needle.optional().describe('An IP address, or a CIDR block that it lies in.'),
  reason: needle.optional().describe('Why its last connection ended, in the broker’s word.'),
  since: moment.optional().describe('It came or went then or later.'),
  until: moment.optional().describe('It came or went then or earlier.'),
  subscribedTo: z
    .string()
    .min(1)
    .max(65_535)
    .optional()
    .describe('It is subscribed to something of this topic or filter.'),
  flapping: yesOrNo
    .optional()
    .describe('Whether it went three times in the last ten minutes, or reached the threshold of flapping.'),
  banned: yesOrNo.optional().describe('Whether a ban keeps it out.'),
  denied: yesOrNo.optional().describe('Whether it was refused something in the last 24 hours.'),
};

export const ClientFilter = z.strictObject(filter);

export type ClientFilter = z.infer<typeof ClientFilter>;

export const ClientQuery = z.strictObject({
  ...filter,
  ...pageQuery(5000, 500),
  load: yesOrNo.optional().describe('Whether each is told with what its session has on its hands.'),
});

export type ClientQuery = z.infer<typeof ClientQuery>;

export const ClientLoadQuestion = z
  .strictObject({ clientIds: z.array(z.string().max(65_535)).max(500) })
  .meta({ id: 'ClientLoadQuestion' });

export type ClientLoadQuestion = z.infer<typeof ClientLoadQuestion>;

export const ClientLoads = z
  .object({ at: instant, items: z.array(ClientLoad).describe('Whoever has no session is left out.') })
  .meta({ id: 'ClientLoads' });

export type ClientLoads = z.infer<typeof ClientLoads>;

/** By what clients can be ranked: nobody counts it per client but the sessions themselves. */
export const ClientRankQuestion = z
  .strictObject({
    by: z
      .enum(['subscriptions', 'inFlight', 'messages'])
      .describe(
        '`inFlight`: with what waits; `messages`: sent and received in this connection, so ask twice for a rate.',
      ),
  })
  .meta({ id: 'ClientRankQuestion' });

export type ClientRankQuestion = z.infer<typeof ClientRankQuestion>;

export const ClientRanks = z
  .object({
    at: instant,
    clientIds: z.array(z.string()).describe('Those that have any, in no order; of more than 100,000 those with most.'),
    values: z.array(z.int()).describe('What each of them has.'),
  })
  .meta({ id: 'ClientRanks' });

export type ClientRanks = z.infer<typeof ClientRanks>;

/** Clients that one request may send away. */
const MOST_CLIENTS = 100_000;

export const ClientBulk = z
  .strictObject({
    action: z.enum(['kick', 'clear']).describe('`clear`: disconnect, and end the session that is kept.'),
    clientIds: z.array(z.string().max(65_535)).min(1).max(MOST_CLIENTS),
    reason: line(500).default(''),
  })
  .meta({ id: 'ClientBulk' });

export type ClientBulk = z.infer<typeof ClientBulk>;

export const ClientBulkResult = z
  .object({
    disconnected: z.int(),
    cleared: z.int().describe('Sessions that were ended.'),
    unchanged: z.int().describe('They were not connected, or had nothing to clear.'),
  })
  .meta({ id: 'ClientBulkResult' });

export type ClientBulkResult = z.infer<typeof ClientBulkResult>;

const session = z
  .object({
    keepAliveSeconds: z.number(),
    cleanStart: z.boolean(),
    port: z.int().nullable().describe('Of its own end of the connection; null where it has none.'),
    listener: z.string().nullable().describe('The listener that it came in by, by its name; null where that has none.'),
    certificateName: z
      .string()
      .nullable()
      .describe('The common name of the certificate that it showed, which was verified; null where it showed none.'),
    connectedAt: instant,
    inFlight: z.int(),
    inFlightMax: z.int().describe('Messages that it is sent before it has to acknowledge one.'),
    queued: z.int(),
    queuedMax: z.int().describe('Messages that wait for it before it loses some.'),
    awaitingRelease: z.int().describe('QoS 2 messages of the client that it has not released yet.'),
    dropped: z.int().describe('Messages that it lost since the session began.'),
    messagesIn: z.int(),
    messagesOut: z.int(),
    bytesIn: z.int().nullable().describe('What its connection carried, with all of the protocol; null: not known.'),
    bytesOut: z.int().nullable(),
    recentTopics: z
      .array(z.string())
      .describe('Up to 32 topics that it published to, wanted to, or names in its will; the last ones among them.'),
    labels: z.array(z.string()).describe('What its user carries, or what let it in says of it.'),
    own: z
      .object({ place: z.enum(['before', 'after']), rules: z.array(Rule) })
      .nullable()
      .describe('Rules that it brought along, and whether they are asked before those of the policy or after them.'),
    will: z.object({ topic: z.string(), qos, retain: z.boolean() }).nullable(),
    subscriptions: z.array(
      z.object({
        filter: z.string(),
        qos,
        noLocal: z.boolean(),
        retainAsPublished: z.boolean(),
        identifiers: z.array(z.int()),
        ruleId: z.string().nullable(),
        exclusions: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'ClientSession' });

export const ClientDetail = Client.extend({
  session: session.nullable(),
  durable: z.boolean().describe('Whether it has a session that outlives its connection.'),
}).meta({ id: 'ClientDetail' });

export type ClientDetail = z.infer<typeof ClientDetail>;

export const Kick = z
  .strictObject({
    reason: line(500).default('').describe('For the audit log and the timeline; the client is not told.'),
    reasonCode: z
      .literal(KICK_CODES)
      .optional()
      .describe('What DISCONNECT says to a client of MQTT 5; left out: 152, administrative action.'),
  })
  .meta({ id: 'Kick' });

export type Kick = z.infer<typeof Kick>;

export const SubscriptionQuery = z.strictObject({ filter: z.string().min(1).max(65_535) });

export type SubscriptionQuery = z.infer<typeof SubscriptionQuery>;

export const ClientParam = z.strictObject({ clientId: z.string().max(65_535) });

export type ClientParam = z.infer<typeof ClientParam>;
