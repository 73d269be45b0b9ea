// aedes as its documentation starts it, over TCP and WebSocket: node aedes-server.js <port> <port of WebSocket>
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';

const [port, webSocketPort] = process.argv.slice(2).map(Number);
const broker = await Aedes.createBroker({ concurrency: 100, queueLimit: 100_000 });
createServer({ noDelay: true }, broker.handle).listen(port, '127.0.0.1');

const http = createHttpServer({ noDelay: true });
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, request) => {
  broker.handle(createWebSocketStream(socket), request);
});
http.listen(webSocketPort, '127.0.0.1');
