/** What this client needs of a WebSocket: what browsers, Node 22 and the `ws` package have in common. */
export interface WebSocketLike {
  /** Bytes handed over that have not left yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Ends at once, without the closing handshake, where the platform can. */
  terminate?(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** Opens a WebSocket. Node 20 has none of its own: pass `(url, protocol) => new WebSocket(url, protocol)` of `ws`. */
export type WebSocketFactory = (url: string, protocol: string) => WebSocketLike;

/** The WebSocket of the platform. Throws where there is none. */
export const platformWebSocket: WebSocketFactory = (url, protocol) => {
  if (typeof WebSocket === 'undefined') throw new TypeError('No WebSocket here: pass webSocketFactory.');
  return new WebSocket(url, protocol);
};
