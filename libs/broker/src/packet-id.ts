const PACKET_IDS = 65_535;

/** The packet id of a durable session's delivery: 1 to 65,535, and 1 again [MQTT-2.3.1-1]. */
export function packetIdOf(seq: number): number {
  return ((seq - 1) % PACKET_IDS) + 1;
}
