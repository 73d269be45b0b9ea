import { MAX_SECONDS, secondsOf } from './mosquitto-period.js';
import type { TranslatedLine } from './translation.js';

/** What a directive for the whole broker comes to. */
export interface Meaning extends Pick<TranslatedLine, 'fate' | 'says'> {
  /** What it sets here. */
  readonly set?: Readonly<Record<string, unknown>>;
}

type Translate = (value: string) => Meaning;

const kept = (says: string): Meaning => ({ fate: 'kept', says });
const leftOut = (says: string): Meaning => ({ fate: 'left-out', says });
const isTrue = (value: string) => value.toLowerCase() === 'true';

/** A number, within what is allowed here. Mosquitto means "as many as you like" by 0. */
function count(key: string, most: number, note = ''): Translate {
  return (value) => {
    const wanted = Number(value);
    if (!Number.isSafeInteger(wanted) || wanted < 0)
      return leftOut(`${value} is no number; ${key} stays as it is by default.`);
    const given = wanted === 0 ? most : Math.min(wanted, most);
    const isLess = wanted === 0 || wanted > most;
    const says = `${key}: ${given}.${isLess ? ' Everything has a bound here; this is the largest.' : ''}${note}`;
    return { fate: isLess || note !== '' ? 'differs' : 'kept', says, set: { [key]: given } };
  };
}

const files = 'Perch keeps users, rules, sessions and retained messages in Postgres.';
const notNeeded: Translate = () => kept(`Not needed: ${files}`);
const system: Translate = () =>
  leftOut('The log goes to standard error; whoever starts Perch sends it where it belongs.');
const bridge: Translate = () =>
  leftOut('Perch does not connect to other brokers: keep the bridge in Mosquitto, or use a client.');
const atOnce: Translate = () => kept('So it is here.');

/** Directives for the whole broker. */
export const globalKeys: Readonly<Record<string, Translate>> = {
  max_inflight_messages: count('maxInFlight', 65_535),
  max_queued_messages: count('maxSessionMessages', 10_000_000),
  max_queued_bytes: count('maxSessionBytes', 1024 ** 4),
  max_packet_size: count('maxPacketBytes', 268_435_456),
  message_size_limit: count('maxPacketBytes', 268_435_456, ' It counts the whole packet, not the payload alone.'),
  max_keepalive: count('maxKeepAliveSeconds', 65_535, ' It holds for MQTT 3 as well.'),
  max_topic_alias: count('maxTopicAliases', 65_535),
  persistent_client_expiration: (value) => {
    const seconds = secondsOf(value);
    if (seconds === null) return leftOut(`${value} is no period.`);
    const given = Math.min(seconds, MAX_SECONDS);
    const says = `maxSessionExpirySeconds: ${given}.`;
    return { fate: 'kept', says, set: { maxSessionExpirySeconds: given } };
  },
  queue_qos0_messages: (value) => ({ ...kept('queueQos0.'), set: { queueQos0: isTrue(value) } }),
  allow_zero_length_clientid: (value) =>
    isTrue(value) ? atOnce(value) : leftOut('A client without an id is given one. Bind users to client ids instead.'),
  auto_id_prefix: () => leftOut('A client without an id is given one that Perch makes.'),
  clientid_prefixes: (value) => leftOut(`Bind users to client ids that begin with ${value}, in the dashboard.`),
  upgrade_outgoing_qos: (value) =>
    isTrue(value) ? leftOut('A message is delivered with the lower of both QoS, as MQTT says.') : atOnce(value),
  retain_available: (value) =>
    isTrue(value)
      ? atOnce(value)
      : leftOut('Retained messages cannot be switched off; maxRetainedMessages bounds them.'),
  memory_limit: () => leftOut('Each queue has a bound of its own; see Limits in docs/operating.md.'),
  sys_interval: () => leftOut('$SYS is published every ten seconds.'),
  per_listener_settings: (value) =>
    isTrue(value)
      ? {
          fate: 'differs',
          says: 'Users and rules hold for all listeners; whether nobody needs a name is said for each.',
        }
      : atOnce(value),
  persistence: (value) => (isTrue(value) ? notNeeded(value) : { fate: 'differs', says: `It is always on: ${files}` }),
  log_type: (value) => {
    const level = ({ all: 'debug', debug: 'debug', error: 'error', warning: 'warn', none: 'silent' } as const)[value];
    return level === undefined
      ? kept('As logLevel info says.')
      : { ...kept(`logLevel: ${level}.`), set: { logLevel: level } };
  },
  set_tcp_nodelay: atOnce,
  autosave_interval: notNeeded,
  autosave_on_changes: notNeeded,
  persistence_file: notNeeded,
  persistence_location: notNeeded,
  user: () => leftOut('Perch runs as whoever starts it.'),
  pid_file: () => leftOut('Whoever supervises Perch knows its process.'),
  log_dest: system,
  log_facility: system,
  log_timestamp: system,
  log_timestamp_format: system,
  connection_messages: () => leftOut('Connections stand in the timeline of each client.'),
  websockets_log_level: system,
  websockets_headers_size: () => leftOut('Headers of a WebSocket may have 16 KiB.'),
  global_plugin: () => leftOut('Plugins of Mosquitto do not run here.'),
  ...Object.fromEntries(
    [
      ...[
        'connection',
        'address',
        'addresses',
        'topic',
        'cleansession',
        'start_type',
        'restart_timeout',
        'idle_timeout',
      ],
      ...['round_robin', 'threshold', 'keepalive_interval', 'notifications', 'notifications_local_only', 'try_private'],
      ...['notification_topic', 'clientid', 'username', 'password'],
    ].map((key) => [key, bridge]),
  ),
};

/** What a directive for the whole broker comes to; null for one that is not known. */
export function meaningOf(key: string, value: string): Meaning | null {
  if (/^(bridge|remote|local)_/.test(key)) return bridge(value);
  return Object.hasOwn(globalKeys, key) ? (globalKeys[key] as Translate)(value) : null;
}
