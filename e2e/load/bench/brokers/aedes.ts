import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { BrokerKind } from './broker.js';
import { Child, freePorts } from './child.js';

const { resolve } = createRequire(import.meta.url);

/** aedes, the broker of Node's MQTT family, with everything off. It is among our packages. */
export function aedes(): BrokerKind {
  const manifest = readFileSync(join(dirname(resolve('aedes')), 'package.json'), 'utf8');
  return {
    name: 'aedes',
    version: (JSON.parse(manifest) as { version: string }).version,
    isDurable: false,
    speaksMqtt5: false,
    dispose: () => Promise.resolve(),
    start: async () => {
      const [port = 0, webSocketPort = 0] = await freePorts(2);
      const main = join(import.meta.dirname, 'aedes-server.js');
      const child = new Child([process.execPath, main, String(port), String(webSocketPort)]);
      await child.listens(port).catch(async (error: unknown) => {
        await child.stop();
        throw error;
      });
      const webSocket = { port: webSocketPort, path: '/' };
      return { pid: child.pid, port, webSocket, username: null, password: null, stop: () => child.stop() };
    },
  };
}
