import type { Absent, BrokerKind } from './broker.js';
import { findProgram, startConfigured, type Place } from './configured.js';

// Debian keeps it where the path of ordinary users does not lead.
const PROGRAMS = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];

/** Mosquitto with everything off: anybody may come in and do anything, nothing is logged or kept on disk. */
export function findMosquitto(): BrokerKind | Absent {
  const found = findProgram(PROGRAMS, '-h', /mosquitto version (\S+)/);
  if (!found) return { name: 'mosquitto', reason: 'it is not installed (Debian: apt-get install mosquitto)' };
  return {
    name: 'mosquitto',
    version: found.version,
    isDurable: false,
    speaksMqtt5: true,
    dispose: () => Promise.resolve(),
    start: async () => {
      const { pid, stop, port, secondPort } = await startConfigured(found.program, configuration);
      return { pid, port, webSocket: { port: secondPort, path: '/mqtt' }, username: null, password: null, stop };
    },
  };
}

function configuration({ port, secondPort }: Place): string[] {
  return [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'set_tcp_nodelay true',
    'max_queued_messages 200000',
    'max_inflight_messages 1024',
    'persistence false',
    'log_type none',
    'log_dest none',
    `listener ${secondPort} 127.0.0.1`,
    'protocol websockets',
  ];
}
