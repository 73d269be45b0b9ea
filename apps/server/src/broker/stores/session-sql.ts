/**
 * The statements of the session store. All of them may be run again when it is not known whether they were committed.
 *
 * A plan is made once and kept, also one that was made for an empty table, when any order of a join looks as cheap as
 * any other. So the order is written down: each row that was asked for is looked up by index (LATERAL; OFFSET 0 keeps
 * the planner from taking it apart), and changed by its place (ctid), which nobody but the store's one writer moves.
 */

const FIND_DELIVERIES = `
      SELECT found.ctid FROM unnest($1::bigint[], $2::bigint[]) AS row (session_id, seq), LATERAL (
        SELECT ctid FROM session_deliveries AS delivery
        WHERE delivery.session_id = row.session_id AND delivery.seq = row.seq OFFSET 0
      ) AS found`;

/** Forgets each message whose deliveries are all among those that the statement deletes as `gone`. */
const FORGET_MESSAGES = `
  ended AS (
    SELECT message_id, count(*) AS deliveries FROM gone GROUP BY message_id
  ),
  forgotten AS (
    DELETE FROM session_messages WHERE ctid = ANY (ARRAY (
      SELECT found.ctid FROM ended, LATERAL (
        SELECT ctid FROM session_messages AS message WHERE message.id = ended.message_id OFFSET 0
      ) AS found
      WHERE ended.deliveries = (
        -- What a statement deletes it still sees: those that are left over are counted, and no further than one.
        SELECT count(*) FROM (
          SELECT FROM session_deliveries AS owed WHERE owed.message_id = ended.message_id LIMIT ended.deliveries + 1
        ) AS owed
      )
    ))
  )`;

/** To be run when their deliveries are settled. */
export const REMOVE_SESSIONS = `
  WITH subscriptions AS (
    DELETE FROM session_subscriptions WHERE session_id = ANY ($1::bigint[])
  ),
  packet_ids AS (
    DELETE FROM session_packet_ids WHERE session_id = ANY ($1::bigint[])
  )
  DELETE FROM sessions WHERE id = ANY ($1::bigint[])`;

export const KEEP_SESSIONS = `
  INSERT INTO sessions (id, client_id, username, address, protocol, created_at,
    session_expiry_interval, disconnected_at, sent_seq, will, labels, own_rules, authenticator)
  SELECT id, client_id, username, address, protocol,
    to_timestamp(created_ms / 1000.0), session_expiry_interval, to_timestamp(disconnected_ms / 1000.0), sent_seq,
    will::json, labels::text[], own_rules::json, authenticator
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[])
    AS row (id, client_id, username, address, protocol, created_ms, session_expiry_interval, disconnected_ms, sent_seq,
    will, labels, own_rules, authenticator)
  ON CONFLICT (id) DO UPDATE SET
    username = EXCLUDED.username, address = EXCLUDED.address, protocol = EXCLUDED.protocol,
    created_at = EXCLUDED.created_at, session_expiry_interval = EXCLUDED.session_expiry_interval,
    disconnected_at = EXCLUDED.disconnected_at, sent_seq = EXCLUDED.sent_seq, will = EXCLUDED.will,
    labels = EXCLUDED.labels, own_rules = EXCLUDED.own_rules, authenticator = EXCLUDED.authenticator`;

/** A filter is never in both halves: its last change decides. */
export const CHANGE_SUBSCRIPTIONS = `
  WITH gone AS (
    DELETE FROM session_subscriptions WHERE ctid = ANY (ARRAY (
      SELECT found.ctid FROM unnest($1::bigint[], $2::text[]) AS row (session_id, filter), LATERAL (
        SELECT ctid FROM session_subscriptions AS kept
        WHERE kept.session_id = row.session_id AND kept.filter_hash = sha256(convert_to(row.filter, 'UTF8')) OFFSET 0
      ) AS found
    ))
  )
  INSERT INTO session_subscriptions (session_id, filter_hash, filter, qos, no_local, retain_as_published, identifiers)
  SELECT session_id, sha256(convert_to(filter, 'UTF8')), filter, qos, no_local, retain_as_published,
    identifiers::int[]
  FROM unnest($3::bigint[], $4::text[], $5::smallint[], $6::boolean[], $7::boolean[], $8::text[])
    AS row (session_id, filter, qos, no_local, retain_as_published, identifiers)
  ON CONFLICT (session_id, filter_hash) DO UPDATE SET
    qos = EXCLUDED.qos, no_local = EXCLUDED.no_local, retain_as_published = EXCLUDED.retain_as_published,
    identifiers = EXCLUDED.identifiers`;

/** A packet id is never in both halves: its last change decides. */
export const CHANGE_PACKET_IDS = `
  WITH gone AS (
    DELETE FROM session_packet_ids WHERE ctid = ANY (ARRAY (
      SELECT found.ctid FROM unnest($1::bigint[], $2::int[]) AS row (session_id, packet_id), LATERAL (
        SELECT ctid FROM session_packet_ids AS kept
        WHERE kept.session_id = row.session_id AND kept.packet_id = row.packet_id OFFSET 0
      ) AS found
    ))
  )
  INSERT INTO session_packet_ids (session_id, packet_id)
  SELECT session_id, packet_id FROM unnest($3::bigint[], $4::int[]) AS row (session_id, packet_id)
  ON CONFLICT DO NOTHING`;

/** So many go at a time, that no statement runs into the time limit of the pool. */
export const SETTLE_ROWS = 50_000;

/** To be run again while it says that it settled as many as it may. */
export const SETTLE_RANGES = `
  WITH gone AS (
    DELETE FROM session_deliveries WHERE ctid = ANY (ARRAY (
      SELECT found.ctid FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS row (session_id, after, through), LATERAL (
        SELECT ctid FROM session_deliveries AS delivery
        WHERE delivery.session_id = row.session_id AND delivery.seq > row.after AND delivery.seq <= row.through OFFSET 0
      ) AS found LIMIT ${SETTLE_ROWS}
    )) RETURNING message_id
  ), ${FORGET_MESSAGES}
  SELECT count(*)::int AS settled FROM gone`;

export const MARK_RECEIVED = `
  UPDATE session_deliveries SET is_received = true WHERE ctid = ANY (ARRAY (${FIND_DELIVERIES}))`;

/** The two that nearly every batch has, in one round trip. They never meet: what is appended has not been written. */
export const SETTLE_AND_APPEND = `
  WITH gone AS (
    DELETE FROM session_deliveries WHERE ctid = ANY (ARRAY (${FIND_DELIVERIES})) RETURNING message_id
  ), ${FORGET_MESSAGES},
  messages AS (
    INSERT INTO session_messages (id, topic, payload, qos, retain, properties, publisher, received_at, expires_at)
    SELECT id, topic, payload, qos, retain, properties::json, publisher,
      to_timestamp(received_ms / 1000.0), to_timestamp(expires_ms / 1000.0)
    FROM unnest($3::bigint[], $4::text[], $5::bytea[], $6::smallint[], $7::boolean[], $8::text[], $9::text[],
      $10::bigint[], $11::bigint[])
      AS row (id, topic, payload, qos, retain, properties, publisher, received_ms, expires_ms)
    ON CONFLICT DO NOTHING
  )
  INSERT INTO session_deliveries
    (session_id, seq, message_id, payload_bytes, qos, retain, is_received, identifiers, share)
  SELECT session_id, seq, message_id, payload_bytes, qos, retain, is_received, identifiers::int[], share
  FROM unnest($12::bigint[], $13::bigint[], $14::bigint[], $15::int[], $16::smallint[], $17::boolean[], $18::boolean[],
    $19::text[], $20::text[])
    AS row (session_id, seq, message_id, payload_bytes, qos, retain, is_received, identifiers, share)
  ON CONFLICT DO NOTHING`;

/** A window keeps the bytes in bounds; the first row is always given. */
export const READ_DELIVERIES = `
  SELECT seq, delivery.qos, delivery.retain, is_received, identifiers, share,
    topic, payload, message.qos AS message_qos, message.retain AS message_retain, properties, publisher,
    (extract(epoch FROM received_at) * 1000)::float8 AS received_ms,
    (extract(epoch FROM expires_at) * 1000)::float8 AS expires_ms
  FROM (
    SELECT *, sum(payload_bytes) OVER page AS bytes_so_far, row_number() OVER page AS place
    FROM session_deliveries WHERE session_id = $1 AND seq > $2
    WINDOW page AS (ORDER BY seq ROWS UNBOUNDED PRECEDING)
    ORDER BY seq LIMIT $3
  ) AS delivery
  CROSS JOIN LATERAL (
    SELECT * FROM session_messages WHERE id = delivery.message_id OFFSET 0
  ) AS message
  WHERE bytes_so_far <= $4 OR place = 1
  ORDER BY seq`;

export const READ_LAST_MESSAGE_ID = 'SELECT coalesce(max(id), 0) AS id FROM session_messages';

export const READ_SESSIONS = `
  SELECT id, client_id, username, address, protocol, session_expiry_interval, sent_seq, will, labels, own_rules,
    authenticator, (extract(epoch FROM created_at) * 1000)::float8 AS created_ms,
    (extract(epoch FROM disconnected_at) * 1000)::float8 AS disconnected_ms
  FROM sessions WHERE id > $1 ORDER BY id LIMIT $2`;

export const READ_SUBSCRIPTIONS = `
  SELECT session_id, filter, qos, no_local, retain_as_published, identifiers
  FROM session_subscriptions WHERE session_id > $1 AND session_id <= $2`;

export const READ_PACKET_IDS = `
  SELECT session_id, packet_id FROM session_packet_ids WHERE session_id > $1 AND session_id <= $2`;

export const COUNT_DELIVERIES = `
  SELECT session_id, count(*)::int AS count, sum(payload_bytes)::float8 AS bytes, max(seq) AS last_seq
  FROM session_deliveries WHERE session_id > $1 AND session_id <= $2 GROUP BY session_id`;
