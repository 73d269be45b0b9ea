import { join } from 'node:path';
import type { Absent, BrokerKind } from './broker.js';
import { findProgram, startConfigured, type Place } from './configured.js';

// Debian keeps it where the path of ordinary users does not lead.
const PROGRAMS = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'];

/** nats-server, which speaks MQTT 3.1.1 up to QoS 1 on top of its own protocol: anybody may do anything, nothing is logged. */
export function findNats(): BrokerKind | Absent {
  const found = findProgram(PROGRAMS, '--version', /v?(\d+\.\d+\.\d+)/);
  if (!found) return { name: 'nats', reason: 'nats-server is not installed (Debian: apt-get install nats-server)' };
  return {
    name: 'nats',
    version: found.version,
    isDurable: false,
    speaksMqtt5: false,
    dispose: () => Promise.resolve(),
    start: async () => {
      const { pid, stop, port } = await startConfigured(found.program, configuration);
      return { pid, port, webSocket: null, username: null, password: null, stop };
    },
  };
}

/** Its MQTT needs JetStream, where it keeps sessions and what is retained. */
function configuration({ dir, port, secondPort }: Place): string[] {
  return [
    'server_name: bench',
    `listen: 127.0.0.1:${secondPort}`,
    `log_file: ${join(dir, 'nats.log')}`,
    `jetstream { store_dir: ${join(dir, 'store')} }`,
    `mqtt { listen: 127.0.0.1:${port}, max_ack_pending: 1024 }`,
  ];
}
