import type { IncomingMessage } from 'node:http';
import type { Listener } from '../boot/listeners.js';

const self = ["'self'"];
const none = ["'none'"];

/** A host as a browser names it, without its port. What is anything else must not reach the header. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

/** What the dashboard may load and speak to: this server and its WebSocket doors, and nothing else. */
export function dashboardPolicy(listeners: () => readonly Listener[]) {
  return {
    defaultSrc: self,
    scriptSrc: self,
    // The kit writes its variables into style elements.
    styleSrc: [...self, "'unsafe-inline'"],
    imgSrc: [...self, 'data:', 'blob:'],
    fontSrc: [...self, 'data:'],
    // The test client speaks MQTT with doors at other ports, too.
    connectSrc: [({ headers }: IncomingMessage) => ["'self'", ...webSocketsOf(headers.host, listeners())].join(' ')],
    workerSrc: [...self, 'blob:'],
    objectSrc: none,
    baseUri: none,
    formAction: self,
    frameAncestors: none,
  };
}

/** Where else on the host that the page comes from WebSockets are served: its own port is the page itself. */
function webSocketsOf(host: string | undefined, listeners: readonly Listener[]): readonly string[] {
  const name = HOST.exec(host ?? '')?.[1];
  if (name === undefined) return [];
  const doors = listeners.filter(({ kind, port }) => port !== null && (kind === 'mqtt-ws' || kind === 'json-ws'));
  const others = doors.filter(({ port }) => `${name}:${port}` !== host);
  return [...new Set(others.map(({ secure, port }) => `${secure ? 'wss' : 'ws'}://${name}:${port}`))];
}
