import { answer, type Door } from './door.js';

const topicOf = (room: string) => `bench/${room}`;

/** FLYWHEEL, in text frames. */
export const flywheelDoor: Door = {
  subprotocols: [],
  path: () => '/broker',
  async enter(socket, { username, password }, { role, room, clientId }) {
    const auth = username === null ? undefined : { type: 'Basic', username, password: password ?? '' };
    const subscribe = role === 'subscriber' ? [topicOf(room)] : [];
    socket.send(`B ${JSON.stringify({ sessionId: clientId, auth, subscribe })}`);
    const errors = await answer(socket, (data) => {
      const text = data.toString();
      return text.startsWith('B ') ? (JSON.parse(text.slice(2)) as { errors: readonly unknown[] }).errors : null;
    });
    if (errors.length > 0) throw new Error(`The bind was refused: ${JSON.stringify(errors)}`);
  },
  publication: (room, payload) => `P ${topicOf(room)} ${payload}`,
  payloads(data) {
    const text = data.toString();
    return text.startsWith('R bench/') ? [text.slice(text.indexOf(' ', 2) + 1)] : [];
  },
};
