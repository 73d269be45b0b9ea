import type { ServerFrame } from '@perch/wire';
import type { Door } from './door.js';
import { payloadsOf } from './json-door.js';

/** Plain `ws`, with the very frames that perch.json delivers. */
export const plainDoor: Door = {
  subprotocols: [],
  path: (role, room) => `/${role === 'subscriber' ? 'sub' : 'pub'}/${room}`,
  enter: () => Promise.resolve(),
  publication: (room, payload) =>
    JSON.stringify({ type: 'messages', messages: [{ topic: `bench/${room}`, payload }] } satisfies ServerFrame),
  payloads: payloadsOf,
};
