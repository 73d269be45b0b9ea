import type { ReadableStream } from 'node:stream/web';
import type { Problem } from '../http/problem.js';
import { answerReason } from './answer-reason.js';
import { CliError, exitCodes, type ExitCode } from './exit-codes.js';

/** What goes with a request. */
export interface Asked {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly stream?: { readonly type: string; readonly body: ReadableStream };
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const ROOT = '/api/v1/';

/** The REST API of one server, with one key. Throws `CliError` with what the server said. */
export class RestApi {
  constructor(
    /** Without a slash at the end. */
    readonly url: string,
    private readonly key: string,
  ) {}

  /** The parsed answer; undefined where there is none. */
  async ask<T>(method: Method, path: string, asked: Asked = {}): Promise<T> {
    const response = await this.send(method, path, asked);
    const text = await response.text();
    try {
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch {
      throw notPerch(this.url);
    }
  }

  /** The answer as it is, once the server has said yes. */
  async send(
    method: Method,
    path: string,
    { query = {}, body, stream, headers, signal }: Asked = {},
  ): Promise<Response> {
    const url = new URL(`${ROOT}${path}`, this.url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(stream
          ? { 'content-type': stream.type }
          : body === undefined
            ? {}
            : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: stream ? stream.body : body === undefined ? null : JSON.stringify(body),
      ...(stream && { duplex: 'half' }),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      throw unreachable(this.url, error);
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

/** Something else answered at this address. */
export function notPerch(url: string): CliError {
  return new CliError(
    `What answers at ${url} is not Perch: name the server with --server, or stop that program.`,
    exitCodes.unreachable,
  );
}

/** Nothing answered at this address. */
export function unreachable(url: string, error: unknown): CliError {
  if ((error as Error).name === 'AbortError') return new CliError('It was interrupted.', exitCodes.no);
  return new CliError(`The server at ${url} does not answer: ${answerReason(error)}.`, exitCodes.unreachable, {
    cause: error,
  });
}

const codes: Partial<Record<number, ExitCode>> = { 401: exitCodes.forbidden, 403: exitCodes.forbidden };

async function refusal(response: Response): Promise<CliError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const exitCode = codes[response.status] ?? exitCodes.no;
  if (problem?.detail === undefined)
    return new CliError(`The server answered ${response.status} ${response.statusText}.`, exitCode);
  const tests = (problem.failedTests ?? []).map(({ testId, reason }) => `\n  test ${testId}: ${reason}`);
  return new CliError([...fieldLines(problem), ...tests].join(''), exitCode);
}

/** The detail, then each field that is wrong; once, where the detail is about nothing else. */
function fieldLines({ title, detail, errors = [] }: Problem): string[] {
  const lines = errors.map(({ path, message }) => `${path || 'The body'}: ${message}`);
  const [first = ''] = lines;
  const isToldTwice = first !== '' && detail.startsWith(first);
  if (isToldTwice && lines.length === 1) return [detail];
  return [isToldTwice ? `${title}:` : detail, ...lines.map((line) => `\n  ${line}`)];
}
