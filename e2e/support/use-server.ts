import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { destroyDevices } from './device.js';
import { killMosquitto } from './mosquitto.js';
import { OperatorApi } from './operator-api.js';
import { PerchServer, type ServerOptions } from './perch-server.js';
import { destroyPeers } from './raw-peer.js';

/** The server of one test file, and its operator `admin`. */
export interface Running {
  readonly server: PerchServer;
  readonly admin: OperatorApi;
}

/** One server for all tests of a file. What a test connects and leaves open is ended after it. */
export function useServer(options: ServerOptions = {}, prepare?: (running: Running) => Promise<void>): Running {
  let running: Running | null = null;
  const need = () => {
    if (!running) throw new Error('The server is there only while tests run.');
    return running;
  };
  beforeAll(async () => {
    const server = await PerchServer.start(options);
    running = {
      server,
      admin: options.adminPassword === null ? new OperatorApi(server) : await OperatorApi.admin(server),
    };
    await prepare?.(running);
  });
  afterEach(() => {
    endPeers();
    // Else a test only says that it waited for something in vain.
    expect(running?.server.bug ?? null, 'a bug of the server').toBeNull();
  });
  afterAll(async () => {
    endPeers();
    await running?.server.stop();
  });
  return {
    get server() {
      return need().server;
    },
    get admin() {
      return need().admin;
    },
  };
}

function endPeers(): void {
  destroyDevices();
  destroyPeers();
  killMosquitto();
}
