import type { Limits } from '@perch/broker';
import type { Config } from '../config/config.schema.js';

/** The bounds of the data plane that an operator may set; the others have the library's defaults. */
export function brokerLimits(config: Config): Partial<Limits> {
  return {
    connections: config.maxConnections,
    connectionsPerAddress: config.maxConnectionsPerAddress,
    connectionsPerUser: config.maxConnectionsPerUser,
    connectsPerSecond: config.maxConnectsPerSecond,
    connectsPerSecondPerAddress: config.maxConnectsPerSecondPerAddress,
    publishesPerSecond: config.maxPublishesPerSecond,
    publishBytesPerSecond: config.maxPublishBytesPerSecond,
    packetBytes: config.maxPacketBytes,
    outboxBytes: config.maxQueuedBytes,
    outboxBytesTotal: config.maxQueuedBytesInAll,
    stalledLinkMs: config.stalledTimeoutMs,
    queueBytesPerSession: config.maxQueuedBytes,
    retainedMessages: config.maxRetainedMessages,
    connectTimeoutMs: config.connectTimeoutMs,
    keepAliveSeconds: config.maxKeepAliveSeconds,
    topicBytes: config.maxTopicBytes,
    topicLevels: config.maxTopicLevels,
    subscriptionsPerSession: config.maxSubscriptions,
    inFlightPerSession: config.maxInFlight,
    receiveMaximum: config.maxReceiving,
    topicAliasMaximum: config.maxTopicAliases,
    outgoingTopicAliases: config.maxTopicAliases,
    sessionExpirySeconds: config.maxSessionExpirySeconds,
    durableSessions: config.maxSessions,
    queuePerSession: config.maxSessionMessages,
    storedBytesPerSession: config.maxSessionBytes,
    queuedMessages: config.maxStoredMessages,
    queuedBytes: config.maxStoredBytes,
    whenQueueFull: config.whenQueueFull,
    queueQos0: config.queueQos0,
    resumeSeconds: config.resumeSeconds,
    resumeBytesTotal: config.maxResumeBytes,
  };
}
