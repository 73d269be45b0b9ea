/** A broker that runs, alone for one run. */
export interface RunningBroker {
  readonly pid: number;
  readonly port: number;
  /** MQTT over WebSocket, or null when it does not speak it. */
  readonly webSocket: { readonly port: number; readonly path: string } | null;
  readonly username: string | null;
  readonly password: string | null;
  stop(): Promise<void>;
}

/** A kind of broker that can be measured. */
export interface BrokerKind {
  readonly name: string;
  readonly version: string;
  /** Runs the scenarios that need sessions that survive a crash. */
  readonly isDurable: boolean;
  readonly speaksMqtt5: boolean;
  /** Starts one with nothing in it, ready for clients. */
  start(): Promise<RunningBroker>;
  /** Removes what was kept for all starts. */
  dispose(): Promise<void>;
}

/** Why a broker is not there. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}
