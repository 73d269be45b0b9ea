/** Every bound of the data plane. Each has a counter in `counters.ts` for what was refused at it. */
export interface Limits {
  /** Open links in all; further ones are refused. */
  readonly connections: number;
  /** Open links from one address (IPv6: from one /64), and of one user; 0 for no bound of their own. */
  readonly connectionsPerAddress: number;
  readonly connectionsPerUser: number;
  /** New links in a second, after a rest five times as many at once, in all and from one address; 0 for no bound. */
  readonly connectsPerSecond: number;
  readonly connectsPerSecondPerAddress: number;
  /** A link must have sent its CONNECT (or bind) and been let in within this time. */
  readonly connectTimeoutMs: number;
  /** Largest packet taken from a client, fixed header included [MQTT5 3.2.2.3.6]. */
  readonly packetBytes: number;
  /** Largest CONNECT, taken before anyone is known. */
  readonly connectPacketBytes: number;
  readonly clientIdBytes: number;
  /** Longest topic or filter, in bytes of UTF-8, and the most levels of one. */
  readonly topicBytes: number;
  readonly topicLevels: number;
  /** Longest keep-alive; a client that asks for more or for none gets this one (0 = as asked) [MQTT5-3.1.2-21]. */
  readonly keepAliveSeconds: number;
  readonly subscriptionsPerSession: number;
  /** QoS 1 and 2 publishes of one client that are not yet acknowledged [MQTT5 3.2.2.3.3]. */
  readonly receiveMaximum: number;
  /** Topic aliases that one client may set [MQTT5 3.2.2.3.8]. */
  readonly topicAliasMaximum: number;
  /** Clients at a time that are told that there is no room for them, and where else to go. */
  readonly turnedAway: number;
  /** Topics that have an alias in what one client is sent, where it takes any [MQTT5 3.1.2.11.5]. */
  readonly outgoingTopicAliases: number;
  /** QoS 1 and 2 deliveries to one client that are not yet acknowledged, where it names no own maximum. */
  readonly inFlightPerSession: number;
  /** QoS 1 and 2 deliveries that one client is owed: it reads slowly, or is away. */
  readonly queuePerSession: number;
  /** Bytes of them (payload and properties) in memory, for a client that ends with its connection. */
  readonly queueBytesPerSession: number;
  /** Bytes of them in the store, for a durable session. */
  readonly storedBytesPerSession: number;
  /** What durable sessions are owed in all. */
  readonly queuedMessages: number;
  readonly queuedBytes: number;
  /** At the bound of a durable session: the new message is dropped for this session, or refused to its publisher. */
  readonly whenQueueFull: 'drop' | 'refuse';
  /** QoS 0 messages wait for a durable session that is offline, as long as there is room; the oldest go first. */
  readonly queueQos0: boolean;
  /** Durable sessions in all. */
  readonly durableSessions: number;
  /** How long after a break a session of perch.json can be resumed, in seconds; 0 for not at all. */
  readonly resumeSeconds: number;
  /** What is kept of one for that, in messages and in bytes of frames, and of all; at the bounds the oldest go. */
  readonly resumeMessages: number;
  readonly resumeBytes: number;
  readonly resumeBytesTotal: number;
  /** Sessions at a time that can be resumed, connected or not. */
  readonly resumableSessions: number;
  /** Longest life of a session without a connection, in seconds; 4,294,967,295 for ever. MQTT 3 gets this one. */
  readonly sessionExpirySeconds: number;
  /** Encoded bytes waiting for one slow link. QoS 0 is dropped oldest first at this bound. */
  readonly outboxBytes: number;
  /** The same for all slow links together; above it publishers are held back. */
  readonly outboxBytesTotal: number;
  /** A link that takes nothing for so long, although something waits for it, is ended. */
  readonly stalledLinkMs: number;
  /** What one client may publish in a second, and twice as much at once after a rest; 0 for no bound. */
  readonly publishesPerSecond: number;
  readonly publishBytesPerSecond: number;
  /** An authorizer that has not answered within this time has refused. */
  readonly authorizerTimeoutMs: number;
  /** Answers of an authorizer that are kept about one client, 1 at least; the one given first goes first. */
  readonly answersPerSession: number;
  readonly retainedMessages: number;
  readonly retainedBytes: number;
  /** Offline clients that presence remembers; the one gone longest is forgotten first. */
  readonly offlineClients: number;
  /** Topics that are remembered between publishes, with their receivers. */
  readonly matchCacheTopics: number;
  /** And how many receivers that may be in all. */
  readonly matchCacheReceivers: number;
}

/** Safe on a small server. */
export const defaultLimits: Limits = {
  connections: 100_000,
  connectionsPerAddress: 0,
  connectionsPerUser: 0,
  connectsPerSecond: 0,
  connectsPerSecondPerAddress: 0,
  connectTimeoutMs: 10_000,
  packetBytes: 1024 * 1024,
  connectPacketBytes: 256 * 1024,
  clientIdBytes: 1024,
  topicBytes: 65_535,
  topicLevels: 128,
  keepAliveSeconds: 0,
  subscriptionsPerSession: 10_000,
  receiveMaximum: 1024,
  topicAliasMaximum: 32,
  turnedAway: 256,
  outgoingTopicAliases: 32,
  inFlightPerSession: 1024,
  queuePerSession: 10_000,
  queueBytesPerSession: 16 * 1024 * 1024,
  storedBytesPerSession: 64 * 1024 * 1024,
  queuedMessages: 5_000_000,
  queuedBytes: 4 * 1024 * 1024 * 1024,
  whenQueueFull: 'drop',
  queueQos0: false,
  durableSessions: 500_000,
  resumeSeconds: 120,
  resumeMessages: 1000,
  resumeBytes: 1024 * 1024,
  resumeBytesTotal: 128 * 1024 * 1024,
  resumableSessions: 100_000,
  sessionExpirySeconds: 7 * 24 * 3600,
  outboxBytes: 2 * 1024 * 1024,
  outboxBytesTotal: 256 * 1024 * 1024,
  stalledLinkMs: 120_000,
  publishesPerSecond: 0,
  publishBytesPerSecond: 0,
  authorizerTimeoutMs: 5000,
  answersPerSession: 1024,
  retainedMessages: 2_000_000,
  retainedBytes: 1024 * 1024 * 1024,
  offlineClients: 200_000,
  matchCacheTopics: 200_000,
  matchCacheReceivers: 4_000_000,
};

/** Sets other bounds for a broker that runs. What clients are told when they connect should not be among them. */
export function changeLimits(limits: Limits, changes: Partial<Limits>): void {
  Object.assign(limits, changes);
}
