import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet';
import { createWebSocketStream, WebSocketServer } from 'ws';

/** What the toy does wrong, on purpose: to every so many deliveries; 0 for never. */
export interface Faults {
  readonly loseEvery?: number;
  readonly repeatEvery?: number;
  /** Held back until the next of the same subscriber has gone. */
  readonly swapEvery?: number;
  /** Goes to the next subscriber. */
  readonly misdirectEvery?: number;
  readonly delayMs?: number;
  readonly isWebSocket?: boolean;
}

interface Client {
  stream: Duplex;
  clientId: string;
  /** What has come since it has gone, or null while it is there. */
  missed: Buffer[] | null;
  version: number;
  packetId: number;
  filters: Map<string, number>;
  held: (() => void) | null;
}

/** A broker in few lines that counts what it has done wrong. It knows filters without wildcards, and `+`. */
export class ToyBroker {
  lost = 0;
  repeated = 0;
  swapped = 0;
  misdirected = 0;
  private deliveries = 0;
  private readonly clients: Client[] = [];
  private readonly http = createHttpServer();
  private readonly server;

  constructor(private readonly faults: Faults = {}) {
    const sockets = new WebSocketServer({ server: this.http });
    sockets.on('connection', (socket) => this.accept(createWebSocketStream(socket)));
    this.server = faults.isWebSocket ? this.http : createServer((socket) => this.accept(socket));
  }

  async listen(): Promise<number> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const { stream } of this.clients) stream.destroy();
  }

  /** Messages that wait for another to overtake them. */
  get held(): number {
    return this.clients.filter(({ held }) => held !== null).length;
  }

  private accept(stream: Duplex): void {
    const newcomer = { clientId: '', missed: null, version: 4, packetId: 0, filters: new Map(), held: null };
    let client: Client = { stream, ...newcomer };
    const parser = mqttPacket.parser();
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') client = this.connect(client, packet);
      else this.take(client, packet);
    });
    stream.on('data', (chunk: Buffer) => parser.parse(chunk)).on('error', () => undefined);
    stream.on('close', () => (client.missed = []));
    this.clients.push(client);
  }

  /** The client, or the one of the same id that has gone before, with the new stream and all that it has missed. */
  private connect(newcomer: Client, { clientId, protocolVersion = 4 }: IConnectPacket): Client {
    const known = this.clients.find((client) => client.clientId === clientId);
    const client = known ?? newcomer;
    const missed = client.missed ?? [];
    Object.assign(client, { stream: newcomer.stream, clientId, version: protocolVersion, missed: null });
    const properties = { receiveMaximum: 20 };
    this.send(client, {
      cmd: 'connack',
      returnCode: 0,
      reasonCode: 0,
      sessionPresent: known !== undefined,
      properties,
    });
    for (const bytes of missed) client.stream.write(bytes);
    return client;
  }

  private take(client: Client, packet: Packet): void {
    const messageId = packet.messageId ?? 0;
    const send = (answer: Packet) => this.send(client, answer);
    if (packet.cmd === 'subscribe') {
      for (const { topic, qos } of packet.subscriptions) client.filters.set(topic, qos);
      send({ cmd: 'suback', messageId, granted: packet.subscriptions.map(({ qos }) => qos) });
    } else if (packet.cmd === 'pubrel') send({ cmd: 'pubcomp', messageId });
    else if (packet.cmd === 'pubrec') send({ cmd: 'pubrel', messageId });
    else if (packet.cmd === 'publish') {
      if (packet.qos > 0) send({ cmd: packet.qos === 1 ? 'puback' : 'pubrec', messageId });
      this.publish(packet);
    }
  }

  private publish(packet: IPublishPacket): void {
    for (const [index, client] of this.clients.entries()) {
      const qos = [...client.filters].find(([filter]) => matches(filter, packet.topic))?.[1];
      if (qos !== undefined) this.deliver(index, packet, Math.min(qos, packet.qos) as 0);
    }
  }

  private deliver(index: number, { topic, payload }: IPublishPacket, qos: 0 | 1 | 2): void {
    const { faults } = this;
    const number = ++this.deliveries;
    const isTurn = (every = 0) => every > 0 && number % every === 0;
    if (isTurn(faults.loseEvery)) return void this.lost++;
    const wrong = isTurn(faults.misdirectEvery);
    if (wrong) this.misdirected++;
    const subscribers = this.clients.filter(({ filters }) => filters.size > 0);
    const right = subscribers.indexOf(this.clients[index]!);
    const client = subscribers[(right + (wrong ? 1 : 0)) % subscribers.length]!;
    const send = () =>
      this.send(client, { cmd: 'publish', topic, payload, qos, messageId: nextId(client), dup: false, retain: false });
    if (isTurn(faults.swapEvery) && client.held === null) return void (client.held = send);
    send();
    if (isTurn(faults.repeatEvery)) {
      this.repeated++;
      send();
    }
    if (client.held === null) return;
    this.swapped++;
    client.held();
    client.held = null;
  }

  private send(client: Client, packet: Packet): void {
    const bytes = mqttPacket.generate(packet, { protocolVersion: client.version });
    if (client.missed !== null) client.missed.push(bytes);
    else if (this.faults.delayMs) setTimeout(() => client.stream.write(bytes), this.faults.delayMs);
    else client.stream.write(bytes);
  }
}

function nextId(client: Client): number {
  client.packetId = (client.packetId % 65_535) + 1;
  return client.packetId;
}

function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  return wanted.length === levels.length && wanted.every((level, index) => level === '+' || level === levels[index]);
}
