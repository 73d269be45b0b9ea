import { ConfigError } from '../config/read-config.js';
import type { ListenerPlan } from '../config/listener-plan.js';
import { StartupError } from './startup-error.js';

/** What the person at the terminal is told about an error at start: what, why, and the way out. No stack. */
export function explainError(error: unknown): string {
  if (error instanceof ConfigError) {
    const [only, ...more] = error.problems;
    if (more.length === 0) return `Perch cannot start: ${only}`;
    return `Perch cannot start:\n${error.problems.map((problem) => `  - ${problem}`).join('\n')}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `Perch cannot start: ${message}`;
}

/** Turns what Node says about a listener that could not be opened into what the operator can do about it. */
export function explainListenError(error: unknown, { place, setting }: ListenerPlan): unknown {
  const { code, syscall } = error as { code?: string; syscall?: string };
  if (syscall !== 'listen' && code !== 'EADDRINUSE' && code !== 'ENOTFOUND') return error;
  const told = 'socket' in place ? explainSocket(code, place.socket) : explainPort(code, place, setting);
  return told ? new StartupError(...told, { cause: error }) : error;
}

function explainPort(
  code: string | undefined,
  { host, port }: { host: string; port: number },
  setting: string,
): [problem: string, wayOut: string] | null {
  const choose = `choose another with ${setting}; 0 picks a free one.`;
  switch (code) {
    case 'EADDRINUSE':
      return [`Port ${port} is in use by another program.`, `Stop that program, or ${choose}`];
    case 'EACCES':
      return [`Port ${port} may only be opened by an administrator.`, `Allow it, or ${choose}`];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [
        `${host} is not an address of this machine.`,
        'Choose another with --host (PERCH_HOST); 0.0.0.0 means all.',
      ];
    default:
      return null;
  }
}

function explainSocket(code: string | undefined, path: string): [problem: string, wayOut: string] | null {
  switch (code) {
    case 'ENOENT':
      return [`The folder of the socket ${path} does not exist.`, 'Make it, or choose another path.'];
    case 'EACCES':
      return [`The socket ${path} may not be made there by this account.`, 'Allow it, or choose another path.'];
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return [`The path ${path} is too long for a socket.`, 'Choose one of less than 100 characters.'];
    default:
      return null;
  }
}
