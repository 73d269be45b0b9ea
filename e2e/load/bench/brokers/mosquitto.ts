import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Absent, BrokerKind } from './broker.js';
import { Child, freePorts } from './child.js';

// Debian keeps it where the path of ordinary users does not lead.
const PROGRAMS = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];

/** Mosquitto with everything off: anybody may come in and do anything, nothing is logged or kept on disk. */
export function findMosquitto(): BrokerKind | Absent {
  for (const program of PROGRAMS) {
    const { stdout, error } = spawnSync(program, ['-h'], { encoding: 'utf8' });
    const version = /mosquitto version (\S+)/.exec(stdout ?? '')?.[1];
    if (!error && version !== undefined) return kind(program, version);
  }
  return { name: 'mosquitto', reason: 'it is not installed (Debian: apt-get install mosquitto)' };
}

function kind(program: string, version: string): BrokerKind {
  return {
    name: 'mosquitto',
    version,
    isDurable: false,
    speaksMqtt5: true,
    dispose: () => Promise.resolve(),
    start: async () => {
      const dir = await mkdtemp(join(tmpdir(), 'perch-bench-'));
      const [port = 0, webSocketPort = 0] = await freePorts(2);
      const file = join(dir, 'mosquitto.conf');
      await writeFile(file, configuration(port, webSocketPort));
      const child = new Child([program, '-c', file]);
      const stop = async () => {
        await child.stop();
        await rm(dir, { recursive: true, force: true });
      };
      await child.listens(port).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
      const webSocket = { port: webSocketPort, path: '/mqtt' };
      return { pid: child.pid, port, webSocket, username: null, password: null, stop };
    },
  };
}

function configuration(port: number, webSocketPort: number): string {
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'set_tcp_nodelay true',
    'max_queued_messages 200000',
    'max_inflight_messages 1024',
    'persistence false',
    'log_type none',
    'log_dest none',
    `listener ${webSocketPort} 127.0.0.1`,
    'protocol websockets',
  ];
  return `${lines.join('\n')}\n`;
}
