import type { ConfigKey } from './config.schema.js';

/**
 * When a change in the dashboard holds: at once, for connections to come, or at the next start. What is not here is
 * settled before there is a database, is a secret, or has a page of its own.
 */
export const changeableSettings = {
  brokerName: 'now',
  publicHost: 'now',
  logLevel: 'restart',
  serverReference: 'restart',
  flywheelPath: 'restart',
  flywheelPingSeconds: 'connections',
  flywheelIdleSeconds: 'connections',
  flywheelRevoked: 'connections',
  flockPath: 'restart',
  flockMaxInstances: 'restart',
  flockMaxInstancesPerUser: 'restart',
  tellReasons: 'restart',
  scramIterations: 'restart',
  maxFailedLogins: 'restart',
  maxFailedLoginsPerAddress: 'restart',
  loginBanSeconds: 'restart',
  maxConnections: 'now',
  // Turned on, they would have to know those who are connected already.
  maxConnectionsPerAddress: 'restart',
  maxConnectionsPerUser: 'restart',
  maxConnectsPerSecond: 'restart',
  maxConnectsPerSecondPerAddress: 'restart',
  connectTimeoutMs: 'now',
  maxKeepAliveSeconds: 'connections',
  // Clients were told these in their CONNACK, and would be ended for keeping to them.
  maxPacketBytes: 'restart',
  maxReceiving: 'restart',
  maxTopicAliases: 'restart',
  maxTopicBytes: 'now',
  maxTopicLevels: 'now',
  maxSubscriptions: 'now',
  maxInFlight: 'connections',
  maxPublishesPerSecond: 'connections',
  maxPublishBytesPerSecond: 'connections',
  maxQueuedBytes: 'connections',
  maxQueuedBytesInAll: 'now',
  stalledTimeoutMs: 'now',
  maxSessionExpirySeconds: 'connections',
  maxSessions: 'now',
  maxSessionMessages: 'connections',
  maxSessionBytes: 'now',
  maxStoredMessages: 'now',
  maxStoredBytes: 'now',
  whenQueueFull: 'now',
  queueQos0: 'now',
  resumeSeconds: 'now',
  maxResumeBytes: 'now',
  responseTopicPrefix: 'restart',
  flappingThreshold: 'restart',
  flappingWindowSeconds: 'restart',
  flappingBan: 'now',
  flappingBanSeconds: 'now',
  maxRetainedMessages: 'now',
  metricsAccess: 'now',
  payloadsReadBy: 'now',
  signInIdleMinutes: 'now',
  tailMessagesPerSecond: 'now',
  tailPayloadBytes: 'now',
  refusalRetentionDays: 'now',
  timelineRetentionDays: 'now',
  timelineEventsPerClient: 'restart',
} as const satisfies Partial<Record<ConfigKey, 'now' | 'connections' | 'restart'>>;

export type ChangeableKey = keyof typeof changeableSettings;

/** Whether the dashboard may change it, where the configuration leaves it open. */
export function isChangeable(key: string): key is ChangeableKey {
  return key in changeableSettings;
}
