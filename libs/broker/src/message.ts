/** Quality of service [MQTT 4.3]. */
export type Qos = 0 | 1 | 2;

/** MQTT 5 properties that travel with a message [MQTT5 3.3.2.3]; other protocols carry what they can. */
export interface MessageProperties {
  readonly payloadFormatIndicator?: boolean;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
  /** In the order in which the publisher gave them, names as often as it gave them [MQTT5-3.3.2-18]. */
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
}

/** What one user property takes in memory besides its two strings. */
const PAIR_BYTES = 32;

/** How much of a bound a message takes: its payload, and what its properties hold in memory. */
export function sizeOf({ payload, properties }: Pick<Message, 'payload' | 'properties'>): number {
  if (!properties) return payload.length;
  const { contentType = '', responseTopic = '', correlationData, userProperties = [] } = properties;
  let bytes = payload.length + contentType.length + responseTopic.length + (correlationData?.length ?? 0);
  for (const [name, value] of userProperties) bytes += PAIR_BYTES + name.length + value.length;
  return bytes;
}

/** The message alone, without what it came with: to be kept for long. */
export function plainMessage(message: Message): Message {
  const { topic, payload, qos, retain, properties, publisher, receivedAt, expiresAt } = message;
  return { topic, payload, qos, retain, properties, publisher, receivedAt, expiresAt };
}

/** Bytes of the payload; nothing is cut out of the chunk that it came in. */
export function payloadBytes(message: Message): number {
  return message.payloadLength ?? message.payload.length;
}

/** One application message on its way through the broker. Never changed after it was made. */
export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** Bytes of the payload, where that is cut out only when somebody asks for it. */
  readonly payloadLength?: number;
  /** Lets go of the chunk that it came in, where there is one: the message is to be kept for longer than this turn. */
  detach?(): void;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: MessageProperties | null;
  /** The client id of the publisher; `$broker` for the broker itself. */
  readonly publisher: string;
  /** When the broker took it, in ms since the epoch. */
  readonly receivedAt: number;
  /** When it may no longer be delivered, in ms since the epoch, or null for never [MQTT5 3.3.2.3.3]. */
  readonly expiresAt: number | null;
}
