/// <reference types="node" />
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { client } from '../shared/api/generated/client.gen.js';

/** What the server answers to one request; 200 unless it says otherwise. `wait` holds the answer back. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly wait?: Promise<void>;
}

/** What a test may look at of a request. */
export interface AskedRequest {
  readonly search: URLSearchParams;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** Answers by `METHOD /path`; a function sees the request. */
export type Answers = Record<string, Answer | ((request: AskedRequest) => Answer)>;

/** A real HTTP server on a free port that gives the answers of a test and remembers what it was asked. */
export class ApiServer {
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    private answers: Answers,
  ) {}

  static async start(answers: Answers): Promise<ApiServer> {
    const server = createServer();
    const api = new ApiServer(server, answers);
    server.on('request', (request, response) => {
      api
        .answer(request)
        .then(async ({ status = 200, body, headers = {}, wait }) => {
          await wait;
          const type = status >= 400 ? 'application/problem+json' : 'application/json';
          // Tests have times of their own.
          response.sendDate = false;
          response.writeHead(status, { 'content-type': type, ...headers });
          response.end(body === undefined ? '' : JSON.stringify(body));
        })
        .catch((error: unknown) => response.destroy(error as Error));
    });
    // The live feed finds nobody here; pages work without it.
    server.on('upgrade', (_request, socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client.setConfig({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    return api;
  }

  /** Gives other answers from now on. */
  change(answers: Answers): void {
    this.answers = { ...this.answers, ...answers };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://test');
    const key = `${request.method} ${url.pathname}`;
    this.asked.push(`${request.method} ${url.pathname}${url.search}`);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const answer = this.answers[key] ?? problem(404, 'not-found', `The test has no answer to ${key}`);
    if (typeof answer !== 'function') return answer;
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    return answer({ search: url.searchParams, body, headers: request.headers });
  }
}

/** An error answer as the server writes it. */
export function problem(status: number, code: string, detail: string, more: object = {}): Answer {
  return { status, body: { type: 'about:blank', title: detail, status, detail, instance: 'req-1', code, ...more } };
}
