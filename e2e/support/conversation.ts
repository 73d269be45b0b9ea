import { WebSocket } from 'ws';

/** Where the connection breaks in a conversation: what was sent to the client last does not reach it. */
const BREAK = 'the connection breaks';

/** The conversations in a document: each line is said by the client (`>`) or the broker (`<`). */
export function conversationsIn(markdown: string): string[][] {
  return [...markdown.matchAll(/```conversation\n([^`]+)```/g)].map(([, text = '']) => text.trim().split('\n'));
}

/** Says what the client says, each time when the broker has said what it is to say before; returns all that was said. */
export async function converse(url: string, lines: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  let session = 'SESSION';
  let link = new Link(url);
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('> ')) {
      link.say(line.slice(2).replace('SESSION', session));
      if (lines[i + 1] === BREAK) await link.next();
      said.push(line);
    } else if (line === BREAK) {
      link.cut();
      link = new Link(url);
      said.push(line);
    } else {
      const text = await link.next();
      session = /"session":"([^"]+)"/.exec(text)?.[1] ?? session;
      said.push(`< ${text.replace(session, 'SESSION')}`);
    }
  }
  link.cut();
  return said;
}

class Link {
  private readonly socket: WebSocket;
  private readonly texts: string[] = [];
  private wake: () => void = () => undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url, 'perch.json');
    this.socket.on('message', (data: Buffer) => this.heard(data.toString()));
    this.socket.on('close', (code) => this.heard(`closed with ${code}`));
    this.socket.on('error', () => undefined); // a close follows
  }

  say(text: string): void {
    this.socket.send(text);
  }

  async next(): Promise<string> {
    while (this.texts.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.texts.shift() ?? '';
  }

  cut(): void {
    this.socket.terminate();
  }

  private heard(text: string): void {
    this.texts.push(text);
    this.wake();
  }
}
