import { ApiError, toApiError } from './api-error.js';
import type { CreateClientConfig } from './generated/client.gen.js';
import { noteReachable } from './reachability.js';

/** The one caller of the server: an answer, or an ApiError that says why there is none. */
async function callServer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    noteReachable(false);
    throw toApiError(null, undefined);
  });
  if (response.ok) {
    noteReachable(true);
    return response;
  }
  const error: ApiError = toApiError(await response.json().catch(() => null), response);
  noteReachable(!error.isUnreachable);
  throw error;
}

/** How the generated client reaches the server: same origin, through the one caller. */
export const createClientConfig: CreateClientConfig = (config) => ({ ...config, baseUrl: '', fetch: callServer });
