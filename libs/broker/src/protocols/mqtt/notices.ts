import type { Parting } from '../../parting.js';
import type { Refusal } from '../../refusal.js';
import { writeExplained, type Audience, type Explanation } from './audience.js';
import { writePacket, type MqttVersion } from './packet-codec.js';
import { reasonCodeIn, returnCode, SERVER_MOVED, USE_ANOTHER_SERVER } from './reason-codes.js';
import { reasonTexts } from './reason-texts.js';

/** Why a client is sent away, and whom it may turn to instead [MQTT5 4.11]. */
export interface Farewell extends Parting {
  readonly refusal: Refusal;
  readonly serverReference: string | null;
}

/**
 * The CONNACK that tells a client why it is not let in, or null where its version has no word for it. What its CONNECT
 * asked for is not known where that could not be read.
 */
export function refusedConnack(farewell: Farewell, version: MqttVersion, audience: Audience | null): Buffer | null {
  if (version === 5) {
    const reasonCode = codeOf('connack', farewell);
    const maximumBytes = audience?.maximumPacketBytes ?? 0;
    return writeExplained({ cmd: 'connack', sessionPresent: false, reasonCode }, maximumBytes, explanations(farewell));
  }
  const code = returnCode[farewell.refusal];
  return code === null ? null : writePacket({ cmd: 'connack', sessionPresent: false, returnCode: code }, 4);
}

/** The DISCONNECT that tells a client why, or null where its version has none. */
export function disconnection(farewell: Farewell, { version, maximumPacketBytes }: Audience): Buffer | null {
  if (version !== 5) return null;
  const reasonCode = farewell.reasonCode ?? codeOf('disconnect', farewell);
  return writeExplained({ cmd: 'disconnect', reasonCode }, maximumPacketBytes, explanations(farewell));
}

function codeOf(answer: 'connack' | 'disconnect', farewell: Farewell): number {
  return hasAlternative(farewell) ? USE_ANOTHER_SERVER : reasonCodeIn(answer, farewell.refusal);
}

function explanations(farewell: Farewell): Explanation[] {
  const reasonString = reasonTexts[farewell.refusal];
  if (!hasAlternative(farewell)) {
    return farewell.reason ? [{ reasonString: farewell.reason }, { reasonString }] : [{ reasonString }];
  }
  const { serverReference } = farewell;
  return [{ serverReference, reasonString }, { serverReference }];
}

/** Another server can do what this one cannot do for now. */
function hasAlternative(farewell: Farewell): farewell is Farewell & { readonly serverReference: string } {
  const { refusal, reasonCode, serverReference } = farewell;
  if (serverReference === null) return false;
  if (reasonCode !== undefined) return reasonCode === USE_ANOTHER_SERVER || reasonCode === SERVER_MOVED;
  return refusal === 'server-shutting-down' || refusal === 'server-busy';
}
