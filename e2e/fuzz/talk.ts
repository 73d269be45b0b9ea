import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Conversation, Move } from './conversation.js';
import { ServerPackets } from './server-packets.js';
import { handshake } from './web-socket-frames.js';

/** Where the server listens. */
export interface Ports {
  readonly mqttPort: number;
  readonly httpPort: number;
}

/** What came of a conversation. */
export interface TalkOutcome {
  /** Packets and frames that were sent while the connection was open. */
  readonly inputs: number;
  /** The server said that the fault was its own. */
  readonly isServersFault: boolean;
  /** It could not even be begun. */
  readonly isRefused: boolean;
}

const GONE_TIMEOUT_MS = 3000;
const CONNECT_TIMEOUT_MS = 10_000;
const hasManyAddresses = process.platform === 'linux';

/** Holds the conversation with a real server, over a real socket, and leaves nothing open. */
export async function talk(conversation: Conversation, ports: Ports): Promise<TalkOutcome> {
  const talker = new Talker(conversation, ports);
  try {
    const isOpen = await talker.open();
    if (isOpen) for (const move of conversation.moves) await talker.make(move);
    return { inputs: talker.inputs, isServersFault: talker.packets.isServersFault, isRefused: !isOpen };
  } finally {
    talker.destroy();
  }
}

class Talker {
  inputs = 0;
  readonly packets: ServerPackets;
  private readonly socket: Socket;
  private isClosed = false;
  private hasSaidAll = false;
  private heard: () => void = () => undefined;

  constructor(
    private readonly conversation: Conversation,
    { mqttPort, httpPort }: Ports,
  ) {
    const { transport, address } = conversation;
    this.packets = new ServerPackets(transport);
    const port = transport === 'tcp' ? mqttPort : httpPort;
    this.socket = connect({ port, host: '127.0.0.1', ...(hasManyAddresses ? { localAddress: address } : {}) });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes: Buffer) => {
      this.packets.take(bytes);
      this.heard();
    });
    this.socket.on('error', () => undefined); // to be reset is a way of being closed
    this.socket.on('close', () => {
      this.isClosed = true;
      this.heard();
    });
  }

  async open(): Promise<boolean> {
    await this.until(() => this.isClosed || this.socket.readyState === 'open', CONNECT_TIMEOUT_MS);
    const { transport } = this.conversation;
    if (transport === 'tcp' || this.isClosed) return !this.isClosed;
    this.socket.write(transport === 'ws' ? handshake('/mqtt', 'mqtt') : handshake('/ws', 'perch.json'));
    await this.until(() => this.packets.isUpgraded || this.isClosed, CONNECT_TIMEOUT_MS);
    return this.packets.isUpgraded;
  }

  async make(move: Move): Promise<void> {
    if (this.isClosed) return;
    switch (move.do) {
      case 'send':
        return this.send(move.pieces, move.inputs);
      case 'listen': {
        const { count } = this.packets;
        return this.until(() => this.isClosed || this.packets.count > count, move.ms);
      }
      case 'answer': {
        const answer = this.packets.answer(move);
        return answer ? this.send([answer.toString('hex')], 1) : undefined;
      }
      case 'leave':
        return this.leave(move.how);
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async send(pieces: readonly string[], inputs: number): Promise<void> {
    for (const piece of pieces) {
      if (this.isClosed) return;
      this.socket.write(Buffer.from(piece, 'hex'));
      if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
    }
    this.inputs += inputs;
  }

  private async leave(how: 'end' | 'half' | 'destroy' | 'reset'): Promise<void> {
    if (how === 'destroy') return void this.socket.destroy();
    if (how === 'reset') return void this.socket.resetAndDestroy();
    // What was sent has to be read by the server before the connection breaks, or it is no test of anything.
    if (!this.hasSaidAll) await new Promise<void>((resolve) => this.socket.end(resolve));
    this.hasSaidAll = true;
    if (how === 'half') await this.until(() => this.isClosed, GONE_TIMEOUT_MS);
  }

  private async until(isSo: () => boolean, ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (!isSo() && performance.now() < deadline) {
      const change = new Promise<void>((resolve) => (this.heard = resolve));
      await Promise.race([change, delay(Math.min(5, ms))]);
    }
  }
}
