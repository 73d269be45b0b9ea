import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Absent, BrokerKind } from './broker.js';
import { Child, freePorts } from './child.js';

// Debian keeps it where the path of ordinary users does not lead.
const PROGRAMS = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'];

/** nats-server, which speaks MQTT 3.1.1 up to QoS 1 on top of its own protocol: anybody may do anything, nothing is logged. */
export function findNats(): BrokerKind | Absent {
  for (const program of PROGRAMS) {
    const { stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    const version = /v?(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
    if (!error && version !== undefined) return kind(program, version);
  }
  return { name: 'nats', reason: 'nats-server is not installed (Debian: apt-get install nats-server)' };
}

function kind(program: string, version: string): BrokerKind {
  return {
    name: 'nats',
    version,
    isDurable: false,
    speaksMqtt5: false,
    dispose: () => Promise.resolve(),
    start: async () => {
      const dir = await mkdtemp(join(tmpdir(), 'perch-bench-'));
      const [port = 0, clientPort = 0] = await freePorts(2);
      const file = join(dir, 'nats.conf');
      await writeFile(file, configuration({ dir, port, clientPort }));
      const child = new Child([program, '-c', file]);
      const stop = async () => {
        await child.stop();
        await rm(dir, { recursive: true, force: true });
      };
      await child.listens(port).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
      return { pid: child.pid, port, webSocket: null, username: null, password: null, stop };
    },
  };
}

/** Its MQTT needs JetStream, where it keeps sessions and what is retained. */
function configuration({ dir, port, clientPort }: { dir: string; port: number; clientPort: number }): string {
  const lines = [
    'server_name: bench',
    `listen: 127.0.0.1:${clientPort}`,
    `log_file: ${join(dir, 'nats.log')}`,
    `jetstream { store_dir: ${join(dir, 'store')} }`,
    `mqtt { listen: 127.0.0.1:${port}, max_ack_pending: 1024 }`,
  ];
  return `${lines.join('\n')}\n`;
}
