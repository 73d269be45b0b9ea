import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '../..');

/** A program in a document, and what the document says that it prints. */
export interface Example {
  readonly name: string;
  readonly code: string;
  readonly output: string;
}

/** The programs of a document: each block of `js` that is followed by one of `text`. */
export function examplesIn(document: string): Example[] {
  const markdown = readFileSync(join(root, document), 'utf8');
  return [...markdown.matchAll(/```js\n(.*?)```\s+```text\n(.*?)```/gs)].map(([, code = '', output = ''], index) => ({
    name: `${document}, example ${index + 1}`,
    code,
    output,
  }));
}

/** Runs a program as if it stood in the e2e project, and returns what it prints; rejects when it fails. */
export async function runExample(code: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: join(root, 'e2e'),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(code);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (exitCode !== 0) throw new Error(`It has ended with ${exitCode}:\n${errors}${output}`);
  return output;
}
