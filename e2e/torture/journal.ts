import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Whom a look back is about. */
export interface Question {
  readonly message: string;
  /** The client whose comings and goings matter. */
  readonly who: string;
}

const COMINGS_AND_GOINGS = new Set([
  'link:',
  'CONNECT',
  'CONNACK',
  'SUBSCRIBE',
  'SUBACK',
  'UNSUBSCRIBE',
  'UNSUBACK',
  '!',
]);

/**
 * Everything that happened, one line each, in a file: what is known of one message is found by its name. Memory holds
 * nothing of it, so that an hour is no different from a minute.
 */
export class Journal {
  private readonly startedAt = performance.now();
  private readonly stream: WriteStream;
  private isClosed = false;

  constructor(readonly file: string) {
    this.stream = createWriteStream(file);
  }

  /** `who` did or saw `what`. */
  note(who: string, what: string): void {
    if (this.isClosed) return;
    this.stream.write(`${((performance.now() - this.startedAt) / 1000).toFixed(3)} ${who} ${what}\n`);
  }

  /** Nothing that happens from now on is of interest. */
  async close(): Promise<void> {
    this.isClosed = true;
    await new Promise<void>((done) => this.stream.end(() => done()));
  }

  /**
   * After `close`: the lines that name the message, and what happened from the first to the last of them: kills, and the
   * links of the client in question.
   */
  async history({ message, who }: Question): Promise<string[]> {
    const found: string[] = [];
    let length = 0; // up to the last line that names it
    for await (const line of createInterface({ input: createReadStream(this.file) })) {
      const words = line.split(' ');
      const isNamed = words.includes(message);
      if (!isNamed && (found.length === 0 || !isBackground(words, who))) continue;
      found.push(line);
      if (isNamed) length = found.length;
    }
    return found.slice(0, length + 40);
  }
}

function isBackground(words: readonly string[], who: string): boolean {
  const [, actor = '', first = '', second = ''] = words;
  if (actor === 'chaos') return true;
  return actor.startsWith(`${who}#`) && (COMINGS_AND_GOINGS.has(first) || COMINGS_AND_GOINGS.has(second));
}
