import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminPassword } from '../../../support/perch-server.js';
import { OperatorApi } from '../../../support/operator-api.js';
import { waitFor } from '../../../support/wait-for.js';
import type { BrokerKind, RunningBroker } from './broker.js';
import { Child, freePorts } from './child.js';
import { benchRules, benchUser } from './rules.js';

/** After being ready it still has house-keeping to do that a long run would not notice. */
const SETTLE_MS = 500;

/** Which Perch. */
export interface PerchOptions {
  readonly name: string;
  /** The folder of a checkout that is built. */
  readonly root: string;
  readonly rules: number;
}

/**
 * The built product as it is used: with its Postgres, a user who logs in with a password, nobody anonymous, rules for the
 * user's topics among a thousand, and nothing allowed that no rule allows. Set up once over the REST API; each start has a copy.
 */
export class PerchKind implements BrokerKind {
  readonly name: string;
  readonly version: string;
  readonly isDurable = true;
  readonly speaksMqtt5 = true;

  private constructor(
    private readonly options: PerchOptions,
    private readonly template: string,
  ) {
    this.name = options.name;
    this.version = revisionOf(options.root);
  }

  static async prepare(options: PerchOptions): Promise<PerchKind> {
    const template = await newFolder();
    const kind = new PerchKind(options, template);
    try {
      await kind.setUp();
    } catch (error) {
      await kind.dispose();
      throw error;
    }
    return kind;
  }

  async start(): Promise<RunningBroker> {
    const dir = await newFolder();
    await copy(join(this.template, 'data'), join(dir, 'data'));
    const { child, port, httpPort } = await this.launch(dir);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return {
      pid: child.pid,
      port,
      webSocket: { port: httpPort, path: '/mqtt' },
      ...benchUser,
      stop: async () => {
        await child.stop();
        await remove(dir);
      },
    };
  }

  async dispose(): Promise<void> {
    await remove(this.template);
  }

  private async setUp(): Promise<void> {
    const { child, httpPort } = await this.launch(this.template);
    try {
      const api = new OperatorApi({ url: `http://127.0.0.1:${httpPort}` });
      await api.signIn('admin', adminPassword);
      await api.createUser(benchUser.username, benchUser.password);
      await api.setRules(benchRules(this.options.rules));
    } finally {
      await child.stop();
    }
  }

  private async launch(dir: string): Promise<{ child: Child; port: number; httpPort: number }> {
    const [port = 0, httpPort = 0] = await freePorts(2);
    // As users start it. A checkout from before there was a bundle has none.
    const programs = ['dist/bundle/main.js', 'dist/main.js'].map((path) =>
      join(this.options.root, 'apps/server', path),
    );
    const main = programs.find(existsSync) ?? '';
    const ports = ['--mqtt-port', String(port), '--http-port', String(httpPort)];
    const child = new Child(
      [process.execPath, main, ...ports, '--host', '127.0.0.1', '--data-dir', join(dir, 'data')],
      { cwd: dir, env: { PERCH_ADMIN_PASSWORD: adminPassword } },
    );
    try {
      await child.listens(httpPort);
      await waitFor(async () => (await fetch(`http://127.0.0.1:${httpPort}/health/ready`)).ok, { what: 'readiness' });
      await child.listens(port);
      return { child, port, httpPort };
    } catch (error) {
      await child.stop();
      throw error;
    }
  }
}

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  await chmod(dir, 0o755); // Postgres runs as another account when this runs as root
  return dir;
}

// `cp` keeps the owner, which Postgres insists on.
async function copy(from: string, to: string): Promise<void> {
  if (process.platform === 'win32') return cp(from, to, { recursive: true });
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The data folder could not be copied: ${stderr}`);
}

function remove(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function revisionOf(root: string): string {
  const git = (...args: string[]) => spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' }).stdout?.trim();
  const revision = git('rev-parse', '--short', 'HEAD') || 'unknown revision';
  return git('status', '--porcelain', '--untracked-files=no') ? `${revision} with changes` : revision;
}
