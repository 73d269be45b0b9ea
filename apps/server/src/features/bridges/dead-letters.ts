import type { Clock } from '@perch/broker';
import type { BridgeEvent } from './bridge-event.js';
import { CsvFiles } from './csv-files.js';

/** The last ones that fit are kept: two files. */
const BOUNDS = { maxFileBytes: 16 * 1024 * 1024, maxFileSeconds: 31_536_000, keepFiles: 2 };

/** Writes what a webhook gives up to a file `<name>-dead.csv`. */
export class DeadLetters {
  private readonly files: CsvFiles;

  constructor(
    { name, folder }: { readonly name: string; readonly folder: string },
    clock: Pick<Clock, 'now'>,
    /** They could not be written. */
    private readonly failed: (problem: string) => void,
  ) {
    this.files = new CsvFiles({ ...BOUNDS, name: `${name}-dead`, folder }, clock);
  }

  get target(): string {
    return this.files.target;
  }

  /** Takes events as a webhook encodes them. Never rejects. */
  async take(events: readonly string[]): Promise<void> {
    const lines = events.map((event) => this.files.encode(JSON.parse(event) as BridgeEvent));
    const setback = await this.files.send({ id: '', lines, lost: 0 });
    if (setback) this.failed(`What was given up is not in ${this.target}: ${setback.problem}`);
  }

  close(): Promise<void> {
    return this.files.close();
  }
}
