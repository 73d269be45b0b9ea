/** What MQTT 5 lets a message carry beside its payload. */
export interface MqttProperties {
  readonly contentType?: string;
  readonly responseTopic?: string;
  /** As text. */
  readonly correlationData?: string;
  readonly messageExpirySeconds?: number;
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
}

/** One line of the message log. */
export interface LoggedMessage {
  /** Counts the lines of its log. */
  readonly seq: number;
  readonly atMs: number;
  readonly direction: 'in' | 'out';
  readonly topic: string;
  /** As it was on the wire. */
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: MqttProperties;
  /** The filter of ours that it came by. */
  readonly filter?: string;
  /** Of what went out: the broker's answer. */
  readonly answer?: string | null;
  /** The connection ended before there was an answer. */
  readonly isLost?: boolean;
  readonly isRefused?: boolean;
  /** A rule refused it. */
  readonly isByPolicy?: boolean;
}
