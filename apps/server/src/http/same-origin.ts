import type { IncomingHttpHeaders } from 'node:http';

/** True for methods that change something. */
export function isUnsafe(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/**
 * True when a browser says that another site's page made the request. Hosts are compared, not schemes, since a proxy
 * may end TLS. What sends neither header is no browser, and has no cookie that a page could borrow.
 */
export function isFromElsewhere(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}
