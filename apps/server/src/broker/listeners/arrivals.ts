import type { Socket } from 'node:net';
import { anyListener, type ListenerTerms, type TcpLinkOptions } from '@perch/broker';
import { TrustedProxies } from './trusted-proxies.js';

/** What is known of a connection from the door it came in by. */
export interface Arrival {
  readonly terms: ListenerTerms;
  /** Of the peer, from when it came in: a socket forgets it when it is closed. */
  readonly address: string | null;
  readonly port: number | null;
  /** Whose word about their own clients is taken there, and whether the peer is one of them. */
  readonly trusted: TrustedProxies;
  readonly isTrusted: boolean;
  readonly kind: TcpLinkOptions['kind'];
  /** The REST API and the dashboard are at the same door. */
  readonly hasPages: boolean;
  /** The name in the client's certificate, which was verified; null where there is none. */
  readonly certificateName: string | null;
}

/** By socket, for as long as it lives. */
const arrivals = new WeakMap<Socket, Arrival>();

/** Notes how a socket came in. */
export function noteArrival(socket: Socket, arrival: Arrival): void {
  arrivals.set(socket, arrival);
}

/** How a socket came in. One that came by no listener of ours has nothing that is trusted. */
export function arrivalOf(socket: Socket): Arrival {
  return arrivals.get(socket) ?? strangerAt(socket);
}

function strangerAt({ remoteAddress, remotePort }: Socket): Arrival {
  return {
    terms: anyListener,
    address: remoteAddress ?? null,
    port: remotePort ?? null,
    trusted: new TrustedProxies([]),
    isTrusted: false,
    kind: 'tcp',
    hasPages: true,
    certificateName: null,
  };
}
