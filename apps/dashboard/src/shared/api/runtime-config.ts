import { ApiError, toApiError } from './api-error.js';
import type { CreateClientConfig } from './generated/client.gen.js';
import { isUntouched } from './presence-of-operator.js';
import { noteReachable } from './reachability.js';
import { noteServerTime } from './server-time.js';

/** The one caller of the server: an answer, or an ApiError that says why there is none. */
async function callServer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const call = isUntouched() ? fetch(askedByItself(new Request(input, init))) : fetch(input, init);
  const response = await call.catch((error: unknown) => {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    noteReachable(false);
    throw toApiError(null, undefined);
  });
  noteServerTime(response.headers.get('date'));
  if (response.ok) {
    noteReachable(true);
    return response;
  }
  const error: ApiError = toApiError(await response.json().catch(() => null), response);
  noteReachable(!error.isUnreachable);
  throw error;
}

/** The server does not take it for somebody who is there. */
function askedByItself(request: Request): Request {
  request.headers.set('Perch-Idle', '1');
  return request;
}

/** How the generated client reaches the server: same origin, through the one caller. */
export const createClientConfig: CreateClientConfig = (config) => ({ ...config, baseUrl: '', fetch: callServer });
