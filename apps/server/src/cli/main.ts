import 'reflect-metadata';
import { processTerminal } from './terminal.js';
import { runCli } from './run-cli.js';

const code = await runCli(process.argv.slice(2), processTerminal());
// A server goes on; a command has said all that it has to say.
if (code !== null) process.exitCode = code;
