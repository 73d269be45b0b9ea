import type { IPublishPacket } from 'mqtt-packet';
import { Frame, RETAIN_SHAPE, type SharedFrames, type Variant, type WireFormat } from '../../frame.js';
import type { Message, Qos } from '../../message.js';
import { writePublish } from './fast-packets.js';
import { writePacket, type MqttVersion } from './packet-codec.js';

const PLACEHOLDER_PACKET_ID = 1;
const QOS_MASK = 3;
const DUP_BIT = 0x08;

class PublishFormat implements WireFormat {
  readonly maximumQos = 2;

  constructor(
    readonly index: number,
    private readonly version: MqttVersion,
  ) {}

  encode({ message, now }: SharedFrames, shape: number, variant: Variant | null): Frame {
    const qos = (shape & QOS_MASK) as Qos;
    const retain = (shape & RETAIN_SHAPE) !== 0;
    const isPlain = this.version !== 5 || (!variant && message.properties === null && message.expiresAt === null);
    if (isPlain) return frameOf(writePublish(message, { qos, retain }, this.version === 5), qos);
    const packet: IPublishPacket = {
      cmd: 'publish',
      topic: message.topic,
      payload: message.payload,
      qos,
      dup: false,
      retain,
      properties: propertiesOf(message, now, variant),
    };
    if (qos > 0) packet.messageId = PLACEHOLDER_PACKET_ID;
    return frameOf(writePacket(packet, this.version), qos);
  }

  /** [MQTT-3.3.1-1] with the DUP flag */
  repeated({ bytes, packetIdOffset, isDroppable }: Frame): Frame {
    const repeated = Buffer.from(bytes);
    repeated[0] = (repeated[0] as number) | DUP_BIT;
    return new Frame(repeated, packetIdOffset, isDroppable);
  }
}

/** PUBLISH as MQTT 3.1 and 3.1.1 write it. */
export const mqtt3Format: WireFormat = new PublishFormat(0, 4);

/** PUBLISH as MQTT 5 writes it, with its properties [MQTT5 3.3.2.3]. */
export const mqtt5Format: WireFormat = new PublishFormat(1, 5);

function frameOf(bytes: Buffer, qos: Qos): Frame {
  return new Frame(bytes, qos > 0 ? packetIdOffset(bytes) : 0, qos === 0);
}

type PublishProperties = NonNullable<IPublishPacket['properties']>;

function propertiesOf(message: Message, now: number, variant: Variant | null): PublishProperties {
  const properties: PublishProperties = { ...message.properties };
  if (variant) properties.subscriptionIdentifier = [...variant.subscriptionIdentifiers];
  // [MQTT-3.3.2-6] what remains of the expiry, at least one second while it is not over
  if (message.expiresAt !== null)
    properties.messageExpiryInterval = Math.max(1, Math.ceil((message.expiresAt - now) / 1000));
  return properties;
}

/** The packet id follows the topic, which follows the fixed header [MQTT 3.3.2]. */
function packetIdOffset(bytes: Buffer): number {
  let header = 2;
  while ((bytes[header - 1] as number) >= 0x80) header++;
  return header + 2 + bytes.readUInt16BE(header);
}
