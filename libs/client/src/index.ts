export type { WireMessage } from '@perch/wire';
export type { CloseReason, ConnectionState, ConnectionStatus } from './connection-state.js';
export type { Auth, ConnectOptions } from './options.js';
export { payloadBytes, payloadJson, payloadText } from './payload.js';
export { connect, type PerchClient, type PublishOptions } from './perch-client.js';
export { PerchError, type PerchErrorCode } from './perch-error.js';
export type { BatchHandler, MessageHandler, SubscribeOptions, Subscription } from './subscription.js';
export type { WebSocketFactory, WebSocketLike } from './web-socket.js';
