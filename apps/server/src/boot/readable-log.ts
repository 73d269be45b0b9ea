import type { DestinationStream } from 'pino';

const GREY = '\u001B[90m';
const PLAIN = '\u001B[0m';
const COLOURS: Record<string, string> = {
  warn: '\u001B[33m',
  error: '\u001B[31m',
  fatal: '\u001B[31m',
};

interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly context?: string;
  readonly err?: { readonly stack?: string };
  readonly stack?: string;
  readonly [field: string]: unknown;
}

/** Turns pino's JSON into lines for a person at a terminal. */
export function readableStream(destination: DestinationStream): DestinationStream {
  return { write: (json) => destination.write(readable(JSON.parse(json) as LogLine)) };
}

function readable({ level, time, msg = '', context, err, stack, ...fields }: LogLine): string {
  const clock = time.slice(11, 19);
  const colour = COLOURS[level] ?? '';
  const origin = context ? `${GREY}[${context}]${PLAIN} ` : '';
  const rest = Object.entries(fields).map(([name, value]) => ` ${GREY}${name}=${PLAIN}${JSON.stringify(value)}`);
  const trace = err?.stack ?? stack;
  const head = `${GREY}${clock}${PLAIN} ${colour}${level.toUpperCase().padEnd(5)}${PLAIN} ${origin}${msg}${rest.join('')}`;
  return trace ? `${head}\n${GREY}${trace}${PLAIN}\n` : `${head}\n`;
}
