import { OperatorApi, allow } from '../support/operator-api.js';
import { PerchServer } from '../support/perch-server.js';
import { conversation, type Conversation } from './conversation.js';
import { ServerWatch, type Footprint } from './server-watch.js';
import { talk } from './talk.js';
import { Traffic, type TrafficReport } from './traffic.js';

/** How a run is to be. */
export interface FuzzOptions {
  readonly seed: string;
  /** Packets and frames to send. */
  readonly inputs: number;
  /** Conversations at a time. */
  readonly connections: number;
  readonly print: (line: string) => void;
  /** These instead of generated ones. */
  readonly replay?: readonly Conversation[];
}

/** How it went. */
export interface FuzzReport {
  readonly inputs: number;
  readonly conversations: number;
  readonly refused: number;
  /** What was wrong with the server, in words. */
  readonly problems: readonly string[];
  readonly traffic: TrafficReport;
  /** Before, in the middle, and after. */
  readonly footprints: readonly Footprint[];
  /** Those that were held when something went wrong, and before. */
  readonly suspects: readonly Conversation[];
}

const FUZZER = { username: 'fuzz', password: 'fuzz-password-1' };
const BYSTANDER = { username: 'by', password: 'by-password-1' };
const BYSTANDERS = 3;
/** What a session of the fuzzer may pile up is bounded, so that what grows beyond it is seen. */
const FLAGS = ['--max-session-messages', '100', '--connect-timeout-ms', '2000', '--log-level', 'warn'];
/** The first part of a run warms caches and compilers up. */
const WARM_UP = 0.2;
const REPORT_EVERY_MS = 10_000;
const SUSPECTS = 2000;

/** Lets fuzzers loose on a fresh server, with bystanders at work, and looks at what is left. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const watching: { read?: (line: string) => void } = {};
  const early: string[] = [];
  const server = await PerchServer.start({
    flags: FLAGS,
    nodeFlags: ServerWatch.nodeFlags,
    onLine: (line) => (watching.read ? watching.read(line) : early.push(line)),
  });
  try {
    const admin = await OperatorApi.admin(server);
    const watch = new ServerWatch(server, admin);
    watching.read = watch.read;
    early.forEach(watch.read);
    await prepare(admin);
    const run = new Run(options, server, watch);
    return await run.run().finally(() => watch.close());
  } finally {
    await server.stop();
  }
}

async function prepare(admin: OperatorApi): Promise<void> {
  for (const { username, password } of [FUZZER, BYSTANDER]) await admin.createUser(username, password);
  await admin.setRules([allow(FUZZER.username, 'pubsub', 'f/#'), allow(BYSTANDER.username, 'pubsub', 'by/#')]);
}

class Run {
  private inputs = 0;
  private begun = 0;
  private refused = 0;
  private isServersFault = false;
  private readonly footprints: Footprint[] = [];
  private readonly recent: number[] = [];

  constructor(
    private readonly options: FuzzOptions,
    private readonly server: PerchServer,
    private readonly watch: ServerWatch,
  ) {}

  async run(): Promise<FuzzReport> {
    const { seed, inputs, print } = this.options;
    print(`fuzz: seed ${seed}, ${inputs} inputs`);
    const traffic = await Traffic.start({ url: this.server.mqttUrl, ...BYSTANDER });
    const progress = setInterval(() => print(`fuzz: ${this.summary()}`), REPORT_EVERY_MS);
    try {
      for (const share of [WARM_UP, (1 + WARM_UP) / 2, 1]) {
        await this.fuzzUntil(inputs * share, () => traffic.problems.length > 0);
        if (this.problems.length === 0) this.footprints.push(await this.watch.footprint(BYSTANDERS));
      }
    } finally {
      clearInterval(progress);
    }
    const report = await traffic.stop();
    const { sent, usualMs, slowestMs } = report;
    const latency = `99 of 100 within ${Math.round(usualMs)} ms, the slowest after ${Math.round(slowestMs)} ms`;
    print(`fuzz: ${this.summary()}; bystanders: ${sent} messages, ${latency}`);
    return {
      inputs: this.inputs,
      conversations: this.begun,
      refused: this.refused,
      problems: this.problems,
      traffic: report,
      footprints: this.footprints,
      suspects: this.options.replay ?? this.recent.map((number) => this.conversationOf(number)),
    };
  }

  private get problems(): readonly string[] {
    const { problems } = this.watch;
    return this.isServersFault ? [...problems, 'The server told a client that the fault was its own.'] : problems;
  }

  private async fuzzUntil(inputs: number, isDisturbed: () => boolean): Promise<void> {
    const { replay } = this.options;
    const isOver = () => this.inputs >= inputs || this.problems.length > 0 || isDisturbed();
    const worker = async () => {
      while (!isOver() && this.begun < (replay?.length ?? Infinity)) await this.talk(this.begun++);
    };
    await Promise.all(Array.from({ length: this.options.connections }, worker));
  }

  private async talk(number: number): Promise<void> {
    this.recent.push(number);
    if (this.recent.length > SUSPECTS) this.recent.shift();
    const { inputs, isServersFault, isRefused } = await talk(this.conversationOf(number), this.server);
    this.inputs += inputs;
    if (isRefused) this.refused++;
    if (isServersFault) this.isServersFault = true;
  }

  private conversationOf(number: number): Conversation {
    return this.options.replay?.[number] ?? conversation(this.options.seed, number, FUZZER);
  }

  private summary(): string {
    return `${this.inputs} inputs in ${this.begun} conversations, ${this.refused} of them not let in`;
  }
}
