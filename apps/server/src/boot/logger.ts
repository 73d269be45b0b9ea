import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { readableStream } from './readable-log.js';
import { sourceStack } from './source-stack.js';

const SECRETS = ['password', 'passwordHash', 'adminPassword', 'databaseUrl', 'token', 'authorization', 'cookie'];
const HEADERS = ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'];

/** How the server logs. */
export interface LogOptions {
  readonly level: string;
  /** Lines for people instead of JSON. */
  readonly readable: boolean;
  readonly destination: DestinationStream;
}

/** A logger that never writes a secret it can recognise by its name. */
export function newLogger({ level, readable, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorWithSources, stack: (stack: string) => sourceStack(stack) },
      redact: { paths: [...SECRETS, ...SECRETS.map((name) => `*.${name}`), ...HEADERS], censor: '(hidden)' },
    },
    readable ? readableStream(destination) : destination,
  );
}

/** What was thrown need not be an error. */
function errorWithSources(thrown: Error): object {
  const told = pino.stdSerializers.err(thrown) as Partial<Error> | null;
  return typeof told?.stack === 'string' ? { ...told, stack: sourceStack(told.stack) } : thrown;
}

// What Nest tells about its own start is of no use to an operator; why it failed is told once, with the way out.
const FRAMEWORK = new Set(['InstanceLoader', 'NestApplication', 'NestFactory', 'RouterExplorer', 'RoutesResolver']);

type PinoLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Lets Nest, and everything that uses Nest's `Logger`, write to ours. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the context last, and for errors the stack before it. */
  private write(level: PinoLevel, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const details = context === undefined ? rest : rest.slice(0, -1);
    const stack = details.find((detail) => typeof detail === 'string');
    const err = [message, ...details].find((one) => one instanceof Error);
    const fields: object | undefined = details.find(
      (detail): detail is object => typeof detail === 'object' && detail !== null && !(detail instanceof Error),
    );
    const quiet = level !== 'warn' && context !== undefined && FRAMEWORK.has(context) ? 'debug' : level;
    this.logger[quiet]({ context, ...(err ? { err } : {}), ...(stack ? { stack } : {}), ...fields }, textOf(message));
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
