import { runCli } from '../run-cli.js';

/** What a command line came to. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly note: string;
}

/** What a command is given besides its words. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Called with each line of standard output. */
  readonly saw?: (line: string) => void;
  readonly interrupted?: AbortSignal;
}

/** Runs `perch` in this process, with a terminal that remembers. */
export async function runPerch(args: readonly string[], given: Surroundings = {}): Promise<Ran> {
  const { env = {}, cwd = '/', input = '', saw, interrupted = new AbortController().signal } = given;
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCli(args, {
    env,
    cwd,
    out: (line) => {
      out.push(line);
      saw?.(line);
    },
    note: (line) => notes.push(line),
    progress: () => undefined,
    input: () => Promise.resolve(Buffer.from(input)),
    interrupted,
  });
  return { code, out: out.join('\n'), note: notes.join('\n') };
}
