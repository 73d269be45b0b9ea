/** A message as its publisher means it. */
export interface Publishing {
  readonly publisher: string;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  /** Sent by MQTT 5, with properties. */
  readonly hasProperties: boolean;
  /** Seconds after which nobody has to get it any more; null for never. MQTT 5 only. */
  readonly lifetime: number | null;
}

/** One message, from its publisher's decision on. Times are ticks of the judge. */
export interface Published extends Publishing {
  /** `publisher:number`, its name everywhere. */
  readonly key: string;
  readonly number: number;
  /** When it was first sent; null before. */
  startedAt: number | null;
  transmissions: number;
  acknowledgedAt: number | null;
}
