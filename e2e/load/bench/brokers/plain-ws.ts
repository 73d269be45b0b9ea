import { join } from 'node:path';
import { Child, freePorts } from './child.js';

/** A fan-out over WebSocket that knows no topics, no users and no rules: what the doors of Perch are held against. */
export interface PlainWs {
  readonly pid: number;
  /** `ws://127.0.0.1:<port>`; subscribers connect to `/sub/<room>`, publishers to `/pub/<room>`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one in a process of its own, on the core of brokers. */
export async function startPlainWs(): Promise<PlainWs> {
  const [port = 0] = await freePorts(1);
  const child = new Child([process.execPath, join(import.meta.dirname, 'plain-ws-server.js'), String(port)]);
  await child.listens(port).catch(async (error: unknown) => {
    await child.stop();
    throw error;
  });
  return { pid: child.pid, url: `ws://127.0.0.1:${port}`, stop: () => child.stop() };
}
