/** Where the broker is and who connects to it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The path of MQTT over WebSocket, or null for plain TCP. */
  readonly path: string | null;
  readonly version: 4 | 5;
  readonly username: string | null;
  readonly password: string | null;
}

/** What all kinds of load have in common. */
interface Work {
  readonly target: Target;
  /** The broker's main process: its memory is watched, its CPU time with that of all its descendants. */
  readonly pid: number;
}

/**
 * Who gets what: everybody the one topic (`shared`), everybody a topic of each publisher (`each`), subscriber n what
 * publisher n sends (`pairs`), or each message one subscriber of many filters (`filters`).
 */
export type Layout = 'shared' | 'each' | 'pairs' | 'filters';

/** Publishers and subscribers, and messages between them for a while. */
export interface FlowJob extends Work {
  readonly kind: 'flow';
  readonly layout: Layout;
  readonly publishers: number;
  readonly subscribers: number;
  /** The last so many subscribers stop reading once they have subscribed. */
  readonly stopped: number;
  /** Clients that connect and do nothing else. */
  readonly idle: number;
  readonly filtersEach: number;
  /** In the layout `filters`: publish to so many of the topics only; 0 for all. */
  readonly hotTopics: number;
  readonly qos: 0 | 1 | 2;
  readonly payloadBytes: number;
  /** Messages without an acknowledgement per publisher, QoS 1 and 2. */
  readonly window: number;
  /** Deliveries under way from end to end, over all. */
  readonly inFlight: number;
  /** Packets per publisher and write. */
  readonly batch: number;
  /** Open loop at so many messages per second over all publishers; null for the closed loop. */
  readonly ratePerS: number | null;
  /** Never sleep, so that a message leaves when it is due. */
  readonly isBusy: boolean;
  /** Subscribers have sessions that outlive their connections. */
  readonly isDurable: boolean;
  /** Subscribers are away while messages flow, and come back for them; needs `isDurable`. */
  readonly isAway: boolean;
  /** MQTT 5: content type, a user property and a topic alias with each message. */
  readonly hasProperties: boolean;
  readonly warmUpS: number;
  readonly measureS: number;
}

/** Many connections at once, then silence. */
export interface ConnectJob extends Work {
  readonly kind: 'connect';
  readonly connections: number;
  readonly idleS: number;
}

/** Retained messages, then somebody who subscribes to them all. */
export interface RetainJob extends Work {
  readonly kind: 'retain';
  readonly publishers: number;
  readonly messages: number;
  readonly window: number;
  readonly payloadBytes: number;
}

export type Job = FlowJob | ConnectJob | RetainJob;

/** What came of a job. */
export interface Outcome {
  /** Why the run proves nothing, or null. */
  readonly problem: string | null;
  /** Whether a lost message breaks no promise. */
  readonly mayLose: boolean;
  readonly counts: Counts;
  /** Measured values by name; the unit is the end of the name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Every message of the run, the warm-up included. */
export interface Counts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly expected: number;
  readonly delivered: number;
  readonly lost: number;
  readonly repeated: number;
  readonly disordered: number;
  /** Came to somebody it was not for. */
  readonly misdirected: number;
}
