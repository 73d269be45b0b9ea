import type { ClientFrame, ServerFrame } from '@perch/wire';
import { answer, type Door } from './door.js';

const topicOf = (room: string) => `bench/${room}`;
const read = (data: Buffer) => JSON.parse(data.toString()) as ServerFrame;

/** perch.json. */
export const jsonDoor: Door = {
  subprotocols: ['perch.json'],
  path: () => '/ws?as=client',
  async enter(socket, { username, password }, { role, room, clientId }) {
    const say = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
    const auth = username === null ? undefined : ({ type: 'basic', username, password: password ?? '' } as const);
    say({ type: 'bind', id: 1, clientId, auth });
    const ok = await answer(socket, (data) => {
      const frame = read(data);
      if (frame.type === 'result') return frame.ok;
      return frame.type === 'welcome' && frame.clientId !== null ? true : null;
    });
    if (!ok) throw new Error('The bind was refused.');
    if (role === 'publisher') return;
    say({ type: 'subscribe', id: 2, filters: [topicOf(room)] });
    const granted = await answer(socket, (data) => {
      const frame = read(data);
      return frame.type === 'result' ? frame.ok : null;
    });
    if (!granted) throw new Error('The subscription was refused.');
  },
  publication: (room, payload) =>
    JSON.stringify({ type: 'publish', topic: topicOf(room), payload } satisfies ClientFrame),
  payloads: payloadsOf,
};

/** The messages in a frame of perch.json. */
export function payloadsOf(data: Buffer): readonly string[] {
  const frame = read(data);
  return frame.type === 'messages' ? frame.messages.map(({ payload }) => payload) : [];
}
