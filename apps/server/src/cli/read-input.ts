import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileReason } from '../config/file-reason.js';
import { CliError, exitCodes } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The file, or standard input for `-`. Rejects with a `CliError` that says why it cannot be read. */
export async function readInput(file: string, { cwd, input }: Terminal): Promise<Buffer> {
  if (file === '-') return input();
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw new CliError(`The file ${file} cannot be read: ${fileReason(error)}.`, exitCodes.usage);
  }
}

/** The password that standard input holds. One end of a line belongs to whoever typed it. */
export async function readPassword({ input }: Terminal): Promise<string> {
  const text = (await input()).toString('utf8').replace(/\r?\n$/, '');
  if (text === '') throw new CliError('Standard input holds no password.', exitCodes.usage);
  return text;
}
