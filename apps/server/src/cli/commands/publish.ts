import { type Command, InvalidArgumentError } from 'commander';
import type { Published } from '../../features/publish/publish.schemas.js';
import type { Commands, ServerTask } from '../command.js';
import { counted } from '../counted.js';
import { CliError, exitCodes } from '../exit-codes.js';
import { readInput } from '../read-input.js';

interface PublishOptions {
  readonly file?: string;
  readonly qos: number;
  readonly retain?: true;
}

/** `perch publish`: one message. */
export function publishCommand(program: Command, commands: Commands): void {
  const command = program.command('publish <topic> [payload]').description('publish a message');
  command
    .option('--file <file>', 'its payload; - for standard input')
    .option('--qos <qos>', '0, 1 or 2', qos, 0)
    .option('--retain', 'the topic keeps it as its value');
  commands.remote<PublishOptions>(command, publish);
}

async function publish(
  { api, options, terminal, print }: ServerTask<PublishOptions>,
  topic = '',
  text?: string,
): Promise<void> {
  if ((text === undefined) === (options.file === undefined))
    throw new CliError('Give a payload, or a file that holds it: --file FILE, --file - for stdin.', exitCodes.usage);
  const payload = text === undefined ? await readInput(options.file ?? '-', terminal) : Buffer.from(text);
  const body = {
    topic,
    payload: payload.toString('base64'),
    encoding: 'base64',
    qos: options.qos,
    retain: options.retain ?? false,
  };
  const published = await api.ask<Published>('POST', 'publish', { body });
  print(published, [`Taken by ${counted(published.delivered, 'subscription')}.`]);
}

function qos(text: string): number {
  if (!/^[012]$/.test(text)) throw new InvalidArgumentError('It has to be 0, 1 or 2.');
  return Number(text);
}
