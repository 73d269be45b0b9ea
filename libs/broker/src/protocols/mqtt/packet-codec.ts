import mqttPacket, { type Packet } from 'mqtt-packet';

/** Protocol levels on the wire [MQTT 3.1.2.2]. */
export type MqttVersion = 3 | 4 | 5;

/** Writes a packet. */
export function writePacket(packet: Packet, version: MqttVersion): Buffer {
  return mqttPacket.generate(packet, { protocolVersion: version });
}
