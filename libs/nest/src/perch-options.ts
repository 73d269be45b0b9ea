import type { EmbeddedBrokerOptions, WebSocketPaths } from '@perch/broker';

/** The broker, and where its clients come in. */
export interface PerchOptions extends EmbeddedBrokerOptions {
  /** MQTT over TCP at this port; 0 for any that is free. Left out: nowhere. */
  readonly mqttPort?: number;
  /** Where it listens for that: 127.0.0.1 unless it says otherwise. */
  readonly host?: string;
  /** WebSockets on the HTTP server of the application: `/mqtt` and `/ws` unless it says otherwise; false for none. */
  readonly webSockets?: WebSocketPaths | false;
}

/** What the options are injected by. */
export const PERCH_OPTIONS = Symbol('perch options');
