import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@perch/broker';
import { FORMULA } from '@perch/policy';
import Papa from 'papaparse';
import type { CsvSettings } from '../../config/bridge.schema.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { reasonOf } from '../../policy/hooks/read-body.js';
import type { BridgeEvent } from './bridge-event.js';
import type { Batch, Destination, Setback, TestAnswer } from './destination.js';
import { endOfRows } from './end-of-rows.js';

const columns = [
  'at',
  'seq',
  'action',
  'clientid',
  'username',
  'topic',
  'size',
  'payload',
  'encoding',
  'reason',
] as const satisfies readonly (keyof BridgeEvent)[];

const HEADER = `${columns.join(',')}\r\n`;

const MIB = 1024 * 1024;
/** A larger file of another run is not looked through for half a row, but put aside. */
const LARGEST_LOOKED_THROUGH = 256 * MIB;

interface OpenFile {
  readonly handle: FileHandle;
  /** Whole lines that are in it. */
  bytes: number;
  /** In ms since the epoch. */
  readonly since: number;
}

/** Appends batches to a file of CSV, and begins a new one when that is large or old. */
export class CsvFiles implements Destination {
  readonly batchEvents = 1_000;
  readonly batchBytes: number;
  readonly circuit = null;
  private file: OpenFile | null = null;
  private lastStamp = 0;
  /** Nothing is written in between. */
  private readonly turns = new BoundedQueue(1, 2);

  constructor(
    private readonly settings: Pick<CsvSettings, 'name' | 'folder' | 'maxFileBytes' | 'maxFileSeconds' | 'keepFiles'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.batchBytes = Math.min(MIB, settings.maxFileBytes);
  }

  get target(): string {
    return join(this.settings.folder, `${this.settings.name}.csv`);
  }

  encode(event: BridgeEvent): string {
    return row(columns.map((column) => String(event[column] ?? '')));
  }

  send(batch: Batch): Promise<Setback | null> {
    const setback = { problem: 'Too much is to be written already.', isFinal: false };
    return this.turns.run(() => this.write(batch)) ?? Promise.resolve(setback);
  }

  async test(batch: Batch): Promise<TestAnswer> {
    const setback = await this.send(batch);
    return { arrived: setback === null, said: setback?.problem ?? `It is in ${this.target}.`, body: null };
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.handle.close();
  }

  private async write({ lines, lost }: Batch): Promise<Setback | null> {
    const remark = `${lost} events were lost before this line`;
    const lead = lost === 0 ? '' : row(columns.map((column) => (column === 'reason' ? remark : '')));
    try {
      await this.append(Buffer.from(lead + lines.join('')));
      return null;
    } catch (error) {
      await this.abandon();
      return { problem: reasonOf(error), isFinal: false };
    }
  }

  private async append(bytes: Buffer): Promise<void> {
    let file = this.file ?? (await this.open());
    if (this.isOver(file, bytes.length)) {
      await this.rotate();
      file = await this.open();
    }
    await file.handle.appendFile(bytes);
    file.bytes += bytes.length;
  }

  private isOver({ bytes, since }: OpenFile, more: number): boolean {
    const { maxFileBytes, maxFileSeconds } = this.settings;
    if (bytes <= HEADER.length) return false;
    return bytes + more > maxFileBytes || this.clock.now() - since >= maxFileSeconds * 1000;
  }

  private async open(): Promise<OpenFile> {
    await mkdir(this.settings.folder, { recursive: true });
    const handle = await open(this.target, 'a', 0o640);
    try {
      return (this.file = await this.begin(handle));
    } catch (error) {
      await handle.close().catch(() => undefined); // why it cannot be used is told already
      throw error;
    }
  }

  private async begin(handle: FileHandle): Promise<OpenFile> {
    const { size, birthtimeMs, mtimeMs } = await handle.stat();
    if (size > LARGEST_LOOKED_THROUGH) return { handle, bytes: Number.POSITIVE_INFINITY, since: 0 };
    const bytes = size === 0 ? 0 : await endOfRows(this.target);
    // A crash or a full disk may have left half a row, which would swallow what comes behind it.
    if (bytes < size) await handle.truncate(bytes);
    // Not every file system knows when a file was made.
    if (bytes > 0) return { handle, bytes, since: birthtimeMs || mtimeMs };
    await handle.appendFile(HEADER);
    return { handle, bytes: HEADER.length, since: this.clock.now() };
  }

  /** Puts the file aside under the time of now, and removes those that are too many. */
  private async rotate(): Promise<void> {
    await this.close();
    // Two within a millisecond, or a clock that was set back, must not write over one another.
    this.lastStamp = Math.max(this.clock.now(), this.lastStamp + 1);
    const { folder, name, keepFiles } = this.settings;
    await rename(this.target, join(folder, `${name}-${stampOf(this.lastStamp)}.csv`));
    const isOurs = new RegExp(`^${name}-\\d{8}T\\d{9}Z\\.csv$`);
    const aside = (await readdir(folder)).filter((file) => isOurs.test(file)).sort();
    // The one that is written to counts, too.
    for (const file of aside.slice(0, Math.max(0, aside.length - keepFiles + 1))) await unlink(join(folder, file));
  }

  /** Takes half a line back, as far as that can be done, and opens the file anew the next time. */
  private async abandon(): Promise<void> {
    const { file } = this;
    this.file = null;
    if (!file) return;
    // What broke the file is told already; that this fails, too, says nothing new.
    await file.handle.truncate(file.bytes).catch(() => undefined);
    await file.handle.close().catch(() => undefined);
  }
}

function row(cells: readonly string[]): string {
  return `${Papa.unparse([cells], { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}

/** 20261231T235959999Z: in the order of time when sorted. */
function stampOf(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:.]/g, '');
}
