import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { QoS } from 'mqtt-packet';
import { DURABLE_SECONDS, isSecure, isWebSocket, type Login, type Message, Refused, type Speaker } from './speaker.js';

const script = join(import.meta.dirname, 'paho_peer.py');
/** The first may be one of the user's own, without Debian's packages. */
const python = ['python3', '/usr/bin/python3'].find(
  (path) => spawnSync(path, ['-c', 'import paho.mqtt.client'], { stdio: 'ignore' }).status === 0,
);
/** Bad user name or password, in MQTT 3 and 5. */
const REFUSAL = /^ConnectionRefusedError: refused with (4|134)$/;

/** Eclipse Paho for Python, all its clients in one process. */
export const pahoSpeaker: Speaker = {
  name: 'Eclipse Paho',
  transports: ['TCP', 'TLS', 'WS', 'WSS'],
  missing: python === undefined ? 'Paho is not installed (Debian: python3-paho-mqtt)' : null,

  async listen(login, filter, qos) {
    const process = pahoProcess();
    const client = await connect(process, login);
    await process.ask({ do: 'subscribe', client, filter, qos });
    return {
      get heard() {
        return process.heardBy(client);
      },
      leave: () => process.ask({ do: 'leave', client }),
      vanish: () => process.ask({ do: 'vanish', client }),
    };
  },

  async say(login, { topic, text, qos, retain }) {
    const process = pahoProcess();
    const client = await connect(process, login);
    const payload = Buffer.from(text).toString('base64');
    await process.ask({ do: 'publish', client, topic, payload, qos, retain });
    await process.ask({ do: 'leave', client });
  },

  hush: () => {
    running?.end();
    running = null;
  },
};

let connections = 0;

async function connect(process: PahoProcess, login: Login): Promise<string> {
  connections++;
  const client = `connection-${connections}`;
  const { will, transport, isDurable = false } = login;
  await process.ask({
    do: 'connect',
    client,
    clientId: login.clientId,
    version: login.version,
    host: 'localhost',
    port: login.port,
    transport: isWebSocket(transport) ? 'websockets' : 'tcp',
    caFile: isSecure(transport) ? login.caFile : null,
    username: login.username,
    password: login.password,
    clean: !isDurable,
    expirySeconds: isDurable ? DURABLE_SECONDS : 0,
    will: will && { topic: will.topic, payload: will.text, qos: will.qos, retain: will.retain },
  });
  return client;
}

/** What comes from the script. */
interface Line {
  readonly id?: number;
  readonly error?: string;
  readonly client?: string;
  readonly message?: {
    readonly topic: string;
    readonly payload: string;
    readonly qos: QoS;
    readonly retain: boolean;
  };
}

let running: PahoProcess | null = null;

function pahoProcess(): PahoProcess {
  running ??= new PahoProcess(
    spawn(python ?? 'python3', ['-W', 'ignore::DeprecationWarning', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  return running;
}

class PahoProcess {
  private readonly waiting = new Map<number, (line: Line) => void>();
  private readonly heard = new Map<string, Message[]>();
  private commands = 0;

  constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error('The script has no output.');
    createInterface(child.stdout).on('line', (line) => this.take(JSON.parse(line) as Line));
    child.once('exit', () => {
      for (const answer of this.waiting.values()) answer({ error: 'The script has ended.' });
    });
  }

  heardBy(client: string): readonly Message[] {
    return this.heard.get(client) ?? [];
  }

  /** Has a command carried out. */
  async ask(command: {
    readonly client: string;
    readonly do: string;
    readonly [field: string]: unknown;
  }): Promise<void> {
    this.commands++;
    const id = this.commands;
    const answered = new Promise<Line>((resolve) => this.waiting.set(id, resolve));
    this.child.stdin?.write(`${JSON.stringify({ ...command, id })}\n`);
    const { error } = await answered;
    this.waiting.delete(id);
    if (error !== undefined) throw REFUSAL.test(error) ? new Refused(error) : new Error(`Paho: ${error}`);
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  private take({ id, error, client, message }: Line): void {
    if (id !== undefined) this.waiting.get(id)?.({ error });
    if (client === undefined || !message) return;
    const { topic, payload, qos, retain } = message;
    const heard = { topic, text: Buffer.from(payload, 'base64').toString(), qos, retain };
    this.heard.set(client, [...this.heardBy(client), heard]);
  }
}
