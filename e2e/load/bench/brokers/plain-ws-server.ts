// The least that a fan-out over WebSocket can do with `ws`: node plain-ws-server.js <port>
// What a client at /pub/<room> sends goes as it came, text or binary, to every client at /sub/<room>.
import { WebSocket, WebSocketServer } from 'ws';

const port = Number(process.argv[2]);
const rooms = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: false });

server.on('connection', (socket, { url = '' }) => {
  const [, role = '', room = ''] = url.split('/');
  const subscribers = rooms.get(room) ?? new Set();
  rooms.set(room, subscribers);
  if (role === 'sub') {
    subscribers.add(socket);
    socket.on('close', () => subscribers.delete(socket));
    return;
  }
  socket.on('message', (data: Buffer, isBinary) => {
    for (const subscriber of subscribers) subscriber.send(data, { binary: isBinary });
  });
});
