import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { arrivalOf } from './arrivals.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** Who sent an HTTP request, proxies looked through. */
export interface HttpClient {
  readonly address: string | null;
  /** Null where a proxy stands between. */
  readonly port: number | null;
  /** The client speaks TLS, with us or with a proxy that is trusted. */
  readonly isSecure: boolean;
}

/** Looks through the proxies that are trusted where the request came in, and through no other. */
export function clientOf({ socket, headers }: IncomingMessage): HttpClient {
  const { trusted, isTrusted, kind, address, port } = arrivalOf(socket);
  const isTls = kind === 'tls';
  const own = { address, port, isSecure: isTls };
  if (!isTrusted) return own;
  const forwarded = farthest(headerText(headers['x-forwarded-for']), trusted);
  const [protocol] = headerText(headers['x-forwarded-proto']).split(',');
  const isSecure = isTls || protocol?.trim().toLowerCase() === 'https';
  return forwarded === null ? { ...own, isSecure } : { address: forwarded, port: null, isSecure };
}

/** From the proxy next to us outwards: the first address that no trusted proxy has, or the last that was told. */
function farthest(header: string, trusted: TrustedProxies): string | null {
  let address: string | null = null;
  for (const hop of header.split(',').reverse()) {
    const next = addressIn(hop.trim());
    if (next === null) return address;
    address = next;
    if (!trusted.includes(next)) return address;
  }
  return address;
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function addressIn(hop: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) === 0 ? null : bare;
}

function headerText(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}
