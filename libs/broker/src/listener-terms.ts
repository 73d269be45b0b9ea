import type { Limits } from './limits.js';

/** What holds for the clients of one listener, beyond what holds for all. */
export interface ListenerTerms {
  readonly name: string;
  /** Null for what holds everywhere. */
  readonly allowAnonymous: boolean | null;
  /** The largest packet taken from a client; null for what holds everywhere. */
  readonly packetBytes: number | null;
  /** What the name in a client's certificate stands for; null for nothing. */
  readonly certificateAs: 'username' | 'client-id' | null;
}

/** The terms where a listener has none of its own. */
export const anyListener: ListenerTerms = { name: '', allowAnonymous: null, packetBytes: null, certificateAs: null };

/** The bounds that hold on these terms. */
export function limitsAt({ packetBytes }: ListenerTerms, limits: Limits): Limits {
  if (packetBytes === null) return limits;
  return { ...limits, packetBytes, connectPacketBytes: Math.min(limits.connectPacketBytes, packetBytes) };
}
