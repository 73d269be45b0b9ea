import { setTimeout as delay } from 'node:timers/promises';
import type { Journal } from './journal.js';
import type { Random } from './random.js';
import { PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';

/** How often each thing was done, and how long it took to come back from the worst of them. */
export interface Deeds {
  serverKills: number;
  killsWhileStarting: number;
  orderlyRestarts: number;
  postgresKills: number;
  postgresHangs: number;
  slowestRecoveryMs: number;
}

const LONGEST_PEACE_MS = 4000;
const RECOVERY_TIMEOUT_MS = 120_000;

/** Does to the server and its Postgres what happens to servers. */
export class Tormentor {
  readonly deeds: Deeds = {
    serverKills: 0,
    killsWhileStarting: 0,
    orderlyRestarts: 0,
    postgresKills: 0,
    postgresHangs: 0,
    slowestRecoveryMs: 0,
  };

  constructor(
    private readonly server: PerchServer,
    private readonly journal: Journal,
    private readonly random: Random,
    /** Seldom it hangs for so long; else for seconds. */
    private readonly longestHangMs: number,
  ) {}

  /** Goes on until `isOver`; leaves a server that is ready. */
  async torment(isOver: () => boolean): Promise<void> {
    const { random } = this;
    while (!isOver()) {
      await this.sleep(random.between(300, LONGEST_PEACE_MS), isOver);
      if (isOver()) return;
      const deed = random.next();
      const startedAt = performance.now();
      if (deed < 0.35) await this.killServer();
      else if (deed < 0.45) await this.restart();
      else if (deed < 0.7) await this.killPostgres();
      else if (deed < 0.8) await this.hangPostgres(() => Promise.resolve());
      else await this.hangPostgres(() => this.killServer());
      await this.untilReady();
      const tookMs = performance.now() - startedAt;
      this.deeds.slowestRecoveryMs = Math.max(this.deeds.slowestRecoveryMs, tookMs);
      this.note(`ready again after ${Math.round(tookMs)} ms`);
    }
  }

  private async killServer(): Promise<void> {
    const { random, server, deeds } = this;
    this.note('kills the server');
    deeds.serverKills++;
    await server.kill9();
    if (random.chance(0.3)) await this.killPostgres();
    await delay(random.between(0, 500));
    while (random.chance(0.25)) {
      const starting = server.restart().then(
        () => undefined,
        () => undefined, // as it should be
      );
      await delay(random.between(50, 2500));
      this.note('kills the server that is starting');
      deeds.killsWhileStarting++;
      await server.kill9();
      await starting;
    }
    await server.restart();
  }

  private async restart(): Promise<void> {
    this.note('restarts the server in an orderly way');
    this.deeds.orderlyRestarts++;
    await this.server.restart();
  }

  /** Its main process, or one of those that serve: then it recovers by itself. */
  private async killPostgres(): Promise<void> {
    const pids = await this.server.postgresPids().catch(() => []);
    const pid = this.random.chance(0.6) ? pids[0] : pids.at(-1);
    if (pid === undefined) return;
    this.note(`kills Postgres (${pid === pids[0] ? 'the postmaster' : 'a backend'} ${pid})`);
    this.deeds.postgresKills++;
    signal(pid, 'SIGKILL');
  }

  /** What happens at its end happens while much waits for its commit. */
  private async hangPostgres(atItsEnd: () => Promise<void>): Promise<void> {
    const pids = await this.server.postgresPids().catch(() => []);
    const hangsMs = this.random.between(200, this.random.chance(0.2) ? this.longestHangMs : 4000);
    this.note(`lets Postgres hang for ${hangsMs} ms`);
    this.deeds.postgresHangs++;
    for (const pid of pids) signal(pid, 'SIGSTOP');
    await delay(hangsMs);
    const ended = atItsEnd();
    await delay(this.random.between(0, 200));
    for (const pid of pids) signal(pid, 'SIGCONT');
    await ended;
  }

  private async untilReady(): Promise<void> {
    const isReady = async () => (await fetch(`${this.server.url}/health/ready`)).ok;
    await waitFor(isReady, { what: 'the server to be ready again', timeoutMs: RECOVERY_TIMEOUT_MS });
  }

  private async sleep(ms: number, isOver: () => boolean): Promise<void> {
    const until = performance.now() + ms;
    while (performance.now() < until && !isOver()) await delay(50);
  }

  private note(what: string): void {
    this.journal.note('chaos', what);
  }
}

/** Somebody else may have ended it. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
