import { ConfigError } from '../config/read-config.js';
import type { Config } from '../config/config.schema.js';
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

/** Turns what Node says about a socket that could not be opened into what the operator can do about it. */
export function explainListenError(error: unknown, config: Config): unknown {
  const { code, port, syscall } = error as { code?: string; port?: number; syscall?: string };
  if (syscall !== 'listen' && code !== 'EADDRINUSE') return error;
  const [flag, variable] =
    port === config.mqttPort ? ['--mqtt-port', 'PERCH_MQTT_PORT'] : ['--http-port', 'PERCH_HTTP_PORT'];
  const choose = `choose another with ${flag} (${variable}); 0 picks a free one.`;
  const cause = { cause: error };
  switch (code) {
    case 'EADDRINUSE':
      return new StartupError(`Port ${port} is in use by another program.`, `Stop that program, or ${choose}`, cause);
    case 'EACCES':
      return new StartupError(`Port ${port} may only be opened by an administrator.`, `Allow it, or ${choose}`, cause);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupError(
        `${config.host} is not an address of this machine.`,
        'Choose another with --host (PERCH_HOST); 0.0.0.0 means all.',
        cause,
      );
    default:
      return error;
  }
}
