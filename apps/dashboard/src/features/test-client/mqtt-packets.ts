import mqtt, { type Packet } from 'mqtt';
import type { PacketNote } from './link.js';
import { testClientTexts } from './texts.js';

const { facts } = testClientTexts.log;

/** "Not authorized" [MQTT5 2.4]. */
export const NOT_AUTHORIZED = 135;

/** A reason code in words; of MQTT 3.1.1 there are fewer. */
export function reasonText(code: number): string {
  return (mqtt.ReasonCodes as Record<number, string>)[code] ?? `0x${code.toString(16)}`;
}

/** What an answer says beside its code. */
export function reasonStringOf(packet: unknown): string | null {
  return (packet as { properties?: { reasonString?: string } } | undefined)?.properties?.reasonString ?? null;
}

/** A packet as a line of the log. Neither a password nor a payload is in it. */
export function noteOf(packet: Packet, direction: PacketNote['direction']): PacketNote {
  const codes = codesOf(packet);
  const reason = reasonStringOf(packet);
  const parts = [
    ...factsOf(packet),
    ...codes.map((code) => `${code} ${reasonText(code)}`),
    ...(reason === null ? [] : [`“${reason}”`]),
  ];
  return {
    direction,
    name: packet.cmd.toUpperCase(),
    text: parts.join(' · '),
    isRefusal: codes.some((code) => code >= 0x80) || isRefusedConnack(packet),
  };
}

/** MQTT 3.1.1 refuses a CONNECT with 1 to 5. */
function isRefusedConnack(packet: Packet): boolean {
  return packet.cmd === 'connack' && (packet.returnCode ?? packet.reasonCode ?? 0) !== 0;
}

function codesOf(packet: Packet): readonly number[] {
  switch (packet.cmd) {
    case 'suback':
    case 'unsuback':
      return (packet.granted as number[] | undefined) ?? [];
    case 'connack':
      return [packet.reasonCode ?? packet.returnCode ?? 0];
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
      return packet.reasonCode === undefined ? [] : [packet.reasonCode];
    default:
      return [];
  }
}

function factsOf(packet: Packet): readonly string[] {
  switch (packet.cmd) {
    case 'connect':
      return [
        packet.clientId,
        ...(packet.username === undefined ? [] : [facts.user(packet.username)]),
        facts.keepAlive(packet.keepalive ?? 0),
        packet.clean === true ? facts.cleanStart : facts.resumes,
      ];
    case 'connack':
      return packet.sessionPresent ? [facts.sessionPresent] : [];
    case 'publish':
      return [
        ...idOf(packet),
        packet.topic,
        `QoS ${packet.qos}`,
        `${packet.payload.length} B`,
        ...(packet.retain ? [facts.retained] : []),
        ...(packet.dup ? [facts.sentAgain] : []),
      ];
    case 'subscribe':
      return [...idOf(packet), ...packet.subscriptions.map(({ topic, qos }) => `${topic} QoS ${qos}`)];
    case 'unsubscribe':
      return [...idOf(packet), ...packet.unsubscriptions];
    default:
      return idOf(packet);
  }
}

function idOf({ messageId }: Packet): readonly string[] {
  return messageId === undefined ? [] : [`#${messageId}`];
}
