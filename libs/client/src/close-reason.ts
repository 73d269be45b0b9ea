import { closeCodes, type CloseName, type RefusalCode, type WireError } from '@perch/wire';
import type { CloseReason } from './connection-state.js';

/** Refusals of a bind that pass by themselves. */
const passing: readonly RefusalCode[] = ['unavailable', 'quota-exceeded', 'internal-error'];

/** RFC 6455 7.4.1: what a WebSocket library says of a frame before the broker sees it. */
const librarySays: Partial<Record<number, CloseName>> = {
  1003: 'invalidFrame',
  1007: 'invalidFrame',
  1009: 'tooLarge',
};

/** What the broker meant by this close code, or null when it is none of ours. */
export function reasonOfClose(code: number, message: string): CloseReason | null {
  const names = Object.keys(closeCodes) as CloseName[];
  const name = librarySays[code] ?? names.find((candidate) => closeCodes[candidate].code === code);
  return name ? { name, code, refusal: null, message: message || texts[name] } : null;
}

/** The reason of a connection whose bind was refused. */
export function reasonOfRefusal(error: WireError): CloseReason {
  return { name: 'bindRefused', code: null, refusal: error.code, message: error.message };
}

/** Whether coming back can help. */
export function backAgainAfter(reason: CloseReason): boolean {
  if (reason.name === 'bindRefused') return reason.refusal !== null && passing.includes(reason.refusal);
  return reason.name in closeCodes ? closeCodes[reason.name as CloseName].reconnect : true;
}

const texts: Record<CloseName, string> = {
  goingAway: 'The server is restarting.',
  invalidFrame: 'The server could not read what was sent.',
  badCredentials: 'The credentials are not valid any more.',
  kicked: 'Disconnected by an operator.',
  timeout: 'The server heard nothing for too long.',
  takenOver: 'Another connection took this client id.',
  tooLarge: 'A frame was too large.',
  quotaExceeded: 'Too much, too fast.',
  internalError: 'The server failed.',
};
