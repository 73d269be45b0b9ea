import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorApi, allow } from '../support/operator-api.js';
import { PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';
import { Journal } from './journal.js';
import { Ledger, type Totals, type Violation } from './ledger.js';
import type { Player, Stage } from './player.js';
import { Random } from './random.js';
import { Tormentor, type Deeds } from './tormentor.js';

/** How a run is to be. */
export interface TortureOptions {
  readonly seed: string;
  /** How long everything is tormented; coming online, draining and checking come on top. */
  readonly playMs: number;
  /** Makes everybody who takes part. */
  readonly cast: (stage: Stage, random: Random) => readonly Player[];
  readonly print: (line: string) => void;
}

/** How it went. */
export interface TortureReport {
  readonly violations: readonly Violation[];
  readonly totals: Totals;
  readonly deeds: Deeds;
  /** Rows that are left in the tables of durable sessions. */
  readonly left: Record<string, number>;
  /** The folder with the server's log, its data and the journal; kept when something was wrong. */
  readonly folder: string;
}

const CREDENTIALS = { username: 'torture', password: 'torture-password-1' };
const SETTLE_IN_TIMEOUT_MS = 60_000;
/** Nothing has moved for so long: nothing will. */
const STANDSTILL_MS = 45_000;
/** Longer than every time limit that the server has for its database. */
const LONGEST_HANG_MS = 45_000;
const QUIET_MS = 2000;
const SHOWN_VIOLATIONS = 5;
/** So much as a minute of everything may pile up for a session that is away. */
const FLAGS = ['--max-session-messages', '1000000', '--max-session-bytes', String(2 ** 32)];

/** One run from an empty server to an empty server. */
export async function runTorture(options: TortureOptions): Promise<TortureReport> {
  const { seed, print } = options;
  print(`torture: seed ${seed}, ${Math.round(options.playMs / 1000)} s`);
  const server = await PerchServer.start({ flags: FLAGS, keepsLog: true });
  const journal = new Journal(join(server.dataDir, 'journal.log'));
  let isFine = false;
  try {
    const run = new Run(options, server, journal);
    const report = await run.run();
    await journal.close();
    isFine = report.violations.length === 0 && !process.env['TORTURE_KEEP'];
    await tell(report, journal, print);
    return report;
  } finally {
    if (isFine) await server.stop();
    else {
      await server.stop({ keepsData: true });
      print(`torture: kept in ${server.dataDir}: server.log, journal.log, data/; again with --seed ${seed}`);
    }
  }
}

class Run {
  private readonly ledger = new Ledger();
  private readonly random: Random;
  private players: readonly Player[] = [];
  private readonly stage: { -readonly [Key in keyof Stage]: Stage[Key] };
  private readonly tormentor: Tormentor;

  constructor(
    private readonly options: TortureOptions,
    private readonly server: PerchServer,
    private readonly journal: Journal,
  ) {
    this.random = new Random(options.seed);
    const longestHangMs = Math.min(LONGEST_HANG_MS, options.playMs / 10);
    this.tormentor = new Tormentor(server, journal, this.random.fork('tormentor'), longestHangMs);
    this.stage = {
      ledger: this.ledger,
      journal,
      port: server.mqttPort,
      credentials: CREDENTIALS,
      act: 'settle-in',
      cutProbability: 0.005,
    };
  }

  async run(): Promise<TortureReport> {
    await this.prepare();
    await this.settleIn();
    await this.play();
    await this.drain();
    const left = this.isGoodSoFar ? await this.leave() : {};
    this.stage.act = 'leave';
    const { totals } = this.ledger;
    return { violations: this.ledger.settle(), totals, deeds: this.tormentor.deeds, left, folder: this.server.dataDir };
  }

  private get isGoodSoFar(): boolean {
    return this.ledger.violations.length === 0;
  }

  private async prepare(): Promise<void> {
    const admin = await OperatorApi.admin(this.server);
    await admin.createUser(CREDENTIALS.username, CREDENTIALS.password);
    await admin.setRules([allow(CREDENTIALS.username, 'pubsub', '#')]);
  }

  private async settleIn(): Promise<void> {
    this.players = this.options.cast(this.stage, this.random.fork('cast'));
    const areHere = () => this.players.every(({ isReady }) => isReady);
    await waitFor(areHere, { what: 'everybody to have subscribed', timeoutMs: SETTLE_IN_TIMEOUT_MS });
  }

  private async play(): Promise<void> {
    this.enter('play');
    const until = performance.now() + this.options.playMs;
    const isOver = () => performance.now() > until || !this.isGoodSoFar;
    const [torment] = await Promise.allSettled([this.tormentor.torment(isOver), this.progress(isOver)]);
    if (torment.status === 'rejected') throw torment.reason;
  }

  /** Everybody is online until everything has come, and a little longer, for what should not come. */
  private async drain(): Promise<void> {
    this.enter('drain');
    let last = '';
    let movedAt = performance.now();
    while (this.isGoodSoFar) {
      const { outstanding, totals } = this.ledger;
      const now = `${outstanding} ${totals.delivered} ${totals.redelivered}`;
      if (now !== last) movedAt = performance.now();
      last = now;
      const quietMs = performance.now() - movedAt;
      const isDone = outstanding === 0 && this.players.every(({ isIdle }) => isIdle);
      if (quietMs > (isDone ? QUIET_MS : STANDSTILL_MS)) return this.accuseUnfinished();
      await delay(100);
    }
  }

  private accuseUnfinished(): void {
    for (const { name, isReady, isIdle } of this.players) {
      if (isIdle) continue;
      const fault = isReady ? 'its publishes are not all complete' : 'it is not online with all subscriptions granted';
      this.ledger.accuse('protocol', name, { key: null }, `in the end ${fault}`);
    }
  }

  /** Nothing is owed to anybody any more, so nothing may be left; and when all sessions have ended, no trace of them. */
  private async leave(): Promise<Record<string, number>> {
    const afterDrain = await this.untilEmpty(['session_deliveries', 'session_messages', 'session_packet_ids']);
    this.enter('leave');
    await Promise.all(this.players.map(({ done }) => done));
    const atTheEnd = await this.untilEmpty(['sessions', 'session_subscriptions']);
    const left = { ...afterDrain, ...atTheEnd };
    for (const [table, rows] of Object.entries(left)) {
      if (rows > 0) this.ledger.accuse('protocol', 'store', { key: null }, `${rows} rows are left in ${table}`);
    }
    return left;
  }

  private async untilEmpty(tables: readonly string[]): Promise<Record<string, number>> {
    let counts: Record<string, number> | null = null;
    const areEmpty = async () => {
      const rows = await Promise.all(
        tables.map((table) => this.server.query<{ count: string }>(`SELECT count(*) FROM ${table}`)),
      );
      counts = Object.fromEntries(tables.map((table, at) => [table, Number(rows[at]?.[0]?.count)]));
      return Object.values(counts).every((count) => count === 0);
    };
    await waitFor(areEmpty, { what: 'the store to be empty' }).catch((error: unknown) => {
      if (counts === null) throw error; // what is left is told by whoever asked
    });
    return counts ?? {};
  }

  private enter(act: Stage['act']): void {
    this.journal.note('chaos', `${act} begins`);
    this.stage.act = act;
  }

  private async progress(isOver: () => boolean): Promise<void> {
    for (let seconds = 1; !isOver(); seconds++) {
      await delay(1000);
      if (seconds % 60 === 0) this.options.print(`torture: ${summary(this.ledger.totals, this.tormentor.deeds)}`);
    }
  }
}

async function tell(
  { violations, totals, deeds }: TortureReport,
  journal: Journal,
  print: (line: string) => void,
): Promise<void> {
  print(`torture: ${summary(totals, deeds)}`);
  if (violations.length > 0) print(`torture: ${violations.length} VIOLATIONS`);
  for (const { kind, who, message, text } of violations.slice(0, SHOWN_VIOLATIONS)) {
    print(`\n${kind.toUpperCase()} at ${who}: ${message ?? ''} ${text}`);
    if (message === null) continue; // its last lines in the journal say more
    for (const line of await journal.history({ message, who })) print(`    ${line}`);
  }
}

function summary(totals: Totals, deeds: Deeds): string {
  const words = (counts: object) =>
    Object.entries(counts)
      .map(([name, count]) => `${Math.round(Number(count))} ${inWords(name)}`)
      .join(', ');
  return `${words(deeds)}; ${words(totals)}`;
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
