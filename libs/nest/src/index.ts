export { EmbeddedBroker } from '@perch/broker';
export { PerchModule, type PerchAsyncOptions } from './perch.module.js';
export type { PerchOptions } from './perch-options.js';
