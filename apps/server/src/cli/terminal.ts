import { buffer } from 'node:stream/consumers';
import type { Environment } from '../config/config-sources.js';

/** What a command reads from and writes to. */
export interface Terminal {
  readonly env: Environment;
  readonly cwd: string;
  /** Results: a line each. */
  readonly out: (line: string) => void;
  /** What is said about them: to standard error, so that results can be piped. */
  readonly note: (line: string) => void;
  /** Replaces the last line of standard error where somebody watches; otherwise nothing is written. */
  readonly progress: (line: string) => void;
  /** All of standard input. */
  readonly input: () => Promise<Buffer>;
  /** Aborted when the person, or who started it, has had enough: it ends what it began, a database too. */
  readonly interrupted: AbortSignal;
}

/** The terminal that this process has. */
export function processTerminal(): Terminal {
  const interrupt = new AbortController();
  const { stdin, stdout, stderr } = process;
  let isDrawn = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt.abort());
  // Whoever reads our output may leave: `perch subscribe … | head`.
  stdout.on('error', () => interrupt.abort());
  const clear = () => {
    if (isDrawn) stderr.write('\r\u001B[K');
    isDrawn = false;
  };
  return {
    env: process.env,
    cwd: process.cwd(),
    out: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (line) => {
      if (!stderr.isTTY) return;
      stderr.write(`\r\u001B[K${line}`);
      isDrawn = true;
    },
    input: () => buffer(stdin),
    interrupted: interrupt.signal,
  };
}
