import type { QoS } from 'mqtt-packet';

/** What MQTT is carried over. */
export type Transport = 'TCP' | 'TLS' | 'WS' | 'WSS';

/** Where, how and as whom a client connects. */
export interface Login {
  readonly transport: Transport;
  readonly version: 4 | 5;
  readonly port: number;
  /** Whom to trust for the server's certificate. */
  readonly caFile: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  /** The session outlives its connection. */
  readonly isDurable?: boolean;
  readonly will?: Message;
}

/** A message on its way to the broker. */
export interface Message {
  readonly topic: string;
  readonly text: string;
  readonly qos: QoS;
  readonly retain: boolean;
}

/** A client that listens. */
export interface Listening {
  /** What it has heard, in order. */
  readonly heard: readonly Message[];
  /** Takes its leave, and is back whenever it listens again. */
  leave(): Promise<void>;
  /** Its power fails. */
  vanish(): Promise<void>;
}

/** Somebody else's MQTT client. Both ways of connecting reject with `Refused` where the broker says no. */
export interface Speaker {
  readonly name: string;
  readonly transports: readonly Transport[];
  /** Why it cannot be tried here, or null. */
  readonly missing: string | null;
  /** Connects and subscribes; resolves when both are answered. */
  listen(login: Login, filter: string, qos: QoS): Promise<Listening>;
  /** Connects, publishes, takes its leave; resolves when the broker has acknowledged as the QoS promises. */
  say(login: Login, message: Message): Promise<void>;
  /** Ends what a test left open. */
  hush(): void;
}

/** The broker does not know this user by this password. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** How long the sessions of durable listeners last. */
export const DURABLE_SECONDS = 600;

export const isSecure = (transport: Transport) => transport === 'TLS' || transport === 'WSS';
export const isWebSocket = (transport: Transport) => transport === 'WS' || transport === 'WSS';
