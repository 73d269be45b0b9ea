import type { Packet } from 'mqtt-packet';
import { writePacket, type MqttVersion } from './packet-codec.js';
import type { ConnectPacket } from './packets.js';

/** No packet is larger [MQTT 2.2.3]; a small integer, which each delivery is held against. */
export const LARGEST_PACKET_BYTES = 268_435_455 + 5;

/** What a client said in its CONNECT about how it wants to be spoken to. */
export interface Audience {
  readonly version: MqttVersion;
  /** Reasons may come with every packet, and not only with CONNACK and DISCONNECT [MQTT5 3.1.2.11.7]. */
  readonly wantsProblems: boolean;
  /** Largest packet that it takes [MQTT5 3.1.2.11.4]. */
  readonly maximumPacketBytes: number;
}

/** Properties that explain an answer, and that it can do without. */
export interface Explanation {
  readonly reasonString?: string;
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
  readonly serverReference?: string;
}

/** The audience of the answers to a CONNECT that could be read. */
export function audienceOf({ protocolVersion, properties }: ConnectPacket): Audience {
  const { requestProblemInformation, maximumPacketSize } = properties;
  if (requestProblemInformation === undefined && maximumPacketSize === undefined) return usual[protocolVersion];
  return {
    version: protocolVersion,
    wantsProblems: requestProblemInformation ?? true,
    maximumPacketBytes: Math.min(maximumPacketSize ?? LARGEST_PACKET_BYTES, LARGEST_PACKET_BYTES),
  };
}

/** Most clients say nothing about it, and share theirs. */
const usual: Record<MqttVersion, Audience> = {
  3: { version: 3, wantsProblems: true, maximumPacketBytes: LARGEST_PACKET_BYTES },
  4: { version: 4, wantsProblems: true, maximumPacketBytes: LARGEST_PACKET_BYTES },
  5: { version: 5, wantsProblems: true, maximumPacketBytes: LARGEST_PACKET_BYTES },
};

/**
 * Writes an MQTT 5 packet with the first of the explanations that fits into what the client takes, or without any
 * [MQTT5-3.2.2-19] [MQTT5-3.14.2-3].
 */
export function writeExplained(packet: Packet, maximumBytes: number, explanations: readonly Explanation[]): Buffer {
  for (const { userProperties, ...others } of explanations) {
    // mqtt-packet writes a list of objects in its order, though its types do not know that.
    const listed = userProperties && { userProperties: userProperties.map(([name, value]) => ({ [name]: value })) };
    const properties = { ...(packet as { properties?: object }).properties, ...others, ...listed };
    const bytes = writePacket({ ...packet, properties } as unknown as Packet, 5);
    if (bytes.length <= maximumBytes) return bytes;
  }
  return writePacket(packet, 5);
}
