import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the hook was sent. */
export interface HookRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the hook answers. Never: it takes the request and says nothing. */
export type HookReply =
  { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string | object } | 'never';

/** A real HTTP server on 127.0.0.1 that answers what a test says, and remembers what it was asked. */
export class HookServer {
  readonly asked: HookRequest[] = [];

  private constructor(
    private readonly server: Server,
    private reply: (request: HookRequest) => HookReply,
  ) {}

  static async start(reply: (request: HookRequest) => HookReply, port = 0): Promise<HookServer> {
    const server = createServer();
    const hook = new HookServer(server, reply);
    server.on('request', (request, response) => {
      hook.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return hook;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers otherwise from now on. */
  answer(reply: (request: HookRequest) => HookReply): void {
    this.reply = reply;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', this.url),
      headers: request.headers,
      body,
    };
    this.asked.push(asked);
    const reply = this.reply(asked);
    if (reply === 'never') return;
    const text = typeof reply.body === 'object' ? JSON.stringify(reply.body) : reply.body;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(text);
  }
}
