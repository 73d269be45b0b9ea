/** What a client may say about the message of a PUBLISH; 0x10 is the server's alone [MQTT5 3.4.2.1, 3.5.2.1]. */
const ofMessage = new Set([0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);

/** What may be said about a packet id [MQTT5 3.6.2.1, 3.7.2.1]. */
const ofPacketId = new Set([0x00, 0x92]);

/** The reason codes that a client may send, by packet [MQTT5-3.4.2-1] [MQTT5-3.5.2-1] [MQTT5-3.14.2-1] [MQTT5-3.15.2-1]. */
export const clientReasonCodes = {
  puback: ofMessage,
  pubrec: ofMessage,
  pubrel: ofPacketId,
  pubcomp: ofPacketId,
  disconnect: new Set([0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]),
  /** Continue, and authenticate again; success is the server's to say. */
  auth: new Set([0x18, 0x19]),
} as const satisfies Record<string, ReadonlySet<number>>;
