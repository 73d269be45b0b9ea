import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError, exitCodes } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The file, or standard input for `-`. Rejects with a `CliError` that says why it cannot be read. */
export async function readInput(file: string, { cwd, input }: Terminal): Promise<Buffer> {
  if (file === '-') return input();
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`The file ${file} cannot be read: ${code ?? message}.`, exitCodes.usage);
  }
}
