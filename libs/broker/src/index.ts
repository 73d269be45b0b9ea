export type { Connection } from './admission/connections.js';
export { KeyCounts } from './admission/key-counts.js';
export { PublishPace } from './admission/publish-pace.js';
export { TokenBucket } from './admission/token-bucket.js';
export { Broker } from './broker.js';
export type { BrokerOptions } from './broker-options.js';
export { admitCaller, Caller, type Call } from './caller.js';
export { admitted, userKey } from './access/admitted.js';
export type { Revocation } from './access/live-access.js';
export type { Loss } from './access/regrant.js';
export type { Shown } from './connections/client-connection.js';
export type { RuleHit } from './access/rule-hits.js';
export { Counters } from './counters.js';
export {
  createBroker,
  EmbeddedBroker,
  type EmbeddedBrokerOptions,
  type Listening,
  type ListenOptions,
} from './embedding/embedded-broker.js';
export type { Authenticate, AuthenticateResult, Authorize, AuthorizeResult } from './embedding/function-ports.js';
export {
  type LocalClient,
  type LocalMessage,
  type LocalPublishOptions,
  PublishError,
} from './embedding/local-client.js';
export type { WebSocketPaths } from './embedding/web-socket-door.js';
export type { BrokerObserver, CloseReason, RefusedEvent } from './events.js';
export { changeLimits, defaultLimits, type Limits } from './limits.js';
export type { Link, LinkHandler, LinkKind } from './link.js';
export { MemoryLink, type MemoryPeer } from './links/memory-link.js';
export { TcpLink, type TcpLinkOptions } from './links/tcp-link.js';
export {
  chooseSubprotocol,
  faultInUpgrade,
  offeredSubprotocols,
  refuseUpgrade,
  takeUpgrade,
  upgradeAnswer,
  upgradePath,
  type UpgradeRefusal,
} from './links/web-socket-handshake.js';
export { WebSocketLink, type WebSocketLinkOptions, type WebSocketPeer } from './links/web-socket-link.js';
export { anyListener, type ListenerTerms } from './listener-terms.js';
export { sizeOf, type Message, type MessageProperties, type Qos } from './message.js';
export type {
  Authentication,
  AuthenticationExchange,
  AuthenticationStep,
  Authenticator,
  Credentials,
  Door,
  Principal,
} from './ports/authenticator.js';
export { type Authorization, type Authorizer, Unanswered } from './ports/authorizer.js';
export type { Clock, StopTimer } from './ports/clock.js';
export { MemoryRetainedStore } from './ports/memory-retained-store.js';
export type { RetainedStore } from './ports/retained-store.js';
export { MemorySessionStore } from './ports/memory-session-store.js';
export type {
  ReadLimit,
  RestoredSession,
  SessionStore,
  StoredDelivery,
  StoredSession,
  StoredSubscription,
  StoredWill,
} from './ports/session-store.js';
export type { PresenceEntry, PresenceRegistry } from './presence/presence-registry.js';
export { publishAllFor, publishFor, type PublishOutcome, type PublishRefusal, refusalFor } from './publish-for.js';
export { presenceTopic } from './presence/presence-topic.js';
export { acceptFlock, type FlockVisit } from './protocols/flock/flock-connection.js';
export {
  acceptFlywheel,
  type FlywheelTerms,
  type FlywheelVisit,
  usualFlywheelTerms,
} from './protocols/flywheel/flywheel-connection.js';
export { acceptJson, type JsonVisit, type OperatorIdentity } from './protocols/json/json-connection.js';
export { acceptMqtt } from './protocols/mqtt/accept-mqtt.js';
export { reasonCodeIn } from './protocols/mqtt/reason-codes.js';
export { type EventPoint, readEventId } from './protocols/sse/event-id.js';
export type { EventSink } from './protocols/sse/event-link.js';
export type { EventStream, StreamRequest } from './protocols/sse/event-stream.js';
export { judgeStream, openEventStream, type StreamRefusal } from './protocols/sse/open-event-stream.js';
export { KICK_CODES, type KickCode } from './parting.js';
export type { Publisher, Receipt } from './receipt.js';
export type { Refusal } from './refusal.js';
export type { RetainedBranch } from './retained-keeper.js';
export { Session } from './session.js';
export { Subscription, type SubscriptionRequest } from './subscription.js';
export { SystemClock } from './system-clock.js';
