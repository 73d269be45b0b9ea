import { packet, text, uint16, variableByteInteger } from './packets.js';
import { STAMP_BYTES } from './stamp.js';

/** What the PUBLISH packets of one topic have in common. */
export interface PublishOptions {
  readonly topic: string;
  readonly version: 4 | 5;
  readonly qos: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly payloadBytes: number;
  /** MQTT 5. */
  readonly properties?: Uint8Array;
}

/** A whole PUBLISH that is copied for each message, and where in it the packet id and the stamp belong. */
export class PublishTemplate {
  readonly bytes: Buffer;
  readonly hasId: boolean;
  readonly stampAt: number;
  readonly idAt: number;

  constructor({ topic, version, qos, retain = false, payloadBytes, properties = new Uint8Array() }: PublishOptions) {
    const head = text(topic);
    const block = version === 5 ? [variableByteInteger(properties.length), properties] : [];
    const payload = Buffer.alloc(Math.max(payloadBytes, STAMP_BYTES), 'x');
    this.bytes = packet(0x30 | (qos << 1) | (retain ? 1 : 0), [
      head,
      ...(qos > 0 ? [uint16(0)] : []),
      ...block,
      payload,
    ]);
    this.hasId = qos > 0;
    this.stampAt = this.bytes.length - payload.length;
    this.idAt = this.stampAt - block.reduce((sum, part) => sum + part.length, 0) - 2;
  }
}

/** Content type, a user property and the topic alias 1: what a message of a sensor may carry. */
export const sensorProperties = Buffer.concat([
  Buffer.from([0x03]),
  text('text/plain'),
  Buffer.from([0x26]),
  text('unit'),
  text('C'),
  Buffer.from([0x23, 0, 1]),
]);
