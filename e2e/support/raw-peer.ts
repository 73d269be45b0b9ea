import { connect, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { waitFor } from './wait-for.js';

const open = new Set<RawPeer>();

/** Somebody at the MQTT port who sends whatever bytes they like. */
export class RawPeer {
  readonly packets: Packet[] = [];
  isClosed = false;
  private readonly parser;

  private constructor(
    private readonly socket: Socket,
    private readonly version: 4 | 5,
  ) {
    open.add(this);
    this.parser = mqttPacket.parser({ protocolVersion: version });
    this.parser.on('packet', (packet) => this.packets.push(packet));
    this.parser.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.parser.parse(bytes));
    socket.on('error', () => undefined); // a reset is a way of being closed
    socket.on('close', () => {
      this.isClosed = true;
      open.delete(this);
    });
  }

  static async open(port: number, version: 4 | 5 = 5): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1');
    const peer = new RawPeer(socket, version);
    await waitFor(() => socket.readyState === 'open', { what: 'a TCP connection' });
    return peer;
  }

  send(packet: Packet): this {
    return this.sendBytes(mqttPacket.generate(packet, { protocolVersion: this.version }));
  }

  sendBytes(bytes: Buffer): this {
    if (!this.isClosed) this.socket.write(bytes);
    return this;
  }

  /** Bytes given as hex, with spaces where they help. */
  sendHex(hex: string): this {
    return this.sendBytes(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  }

  /** Introduces itself and waits to be let in. */
  async letIn(clientId: string, credentials: { username: string; password: string }): Promise<this> {
    this.send(connectPacket(this.version, { clientId, ...credentials }));
    const connack = await this.packet('connack');
    if ((connack.reasonCode ?? connack.returnCode) !== 0) throw new Error('Not let in.');
    return this;
  }

  /** The first packet of a kind. */
  async packet<C extends Packet['cmd']>(cmd: C): Promise<Extract<Packet, { cmd: C }>> {
    const isThat = (packet: Packet): packet is Extract<Packet, { cmd: C }> => packet.cmd === cmd;
    return waitFor(() => this.packets.find(isThat), { what: `a ${cmd.toUpperCase()}` });
  }

  /** Resolves when the broker has closed the link, with the reason code of its DISCONNECT or CONNACK, or null. */
  async closed(timeoutMs = 15_000): Promise<number | null> {
    await waitFor(() => this.isClosed, { what: 'the broker to close the link', timeoutMs });
    const last = this.packets.findLast(({ cmd }) => cmd === 'disconnect' || cmd === 'connack');
    const { reasonCode, returnCode } = (last ?? {}) as { reasonCode?: number; returnCode?: number };
    return reasonCode ?? returnCode ?? null;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** A CONNECT as a plain client sends it. */
export function connectPacket(
  version: 4 | 5,
  fields: { clientId: string; username?: string; password?: string },
): Packet {
  const { clientId, username, password } = fields;
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    keepalive: 60,
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
  };
}

/** Ends all peers that a test left open. */
export function destroyPeers(): void {
  for (const peer of [...open]) peer.destroy();
}
