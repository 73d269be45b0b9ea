import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@perch/broker';
import { FORMULA } from '@perch/policy';
import Papa from 'papaparse';
import type { CsvSettings } from '../../config/bridge.schema.js';
import { reasonOf } from '../../policy/hooks/read-body.js';
import type { BridgeEvent } from './bridge-event.js';
import type { Batch, Destination, Setback } from './destination.js';

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
  readonly batchBytes = 1024 * 1024;
  readonly circuit = null;
  private file: OpenFile | null = null;
  private lastStamp = 0;

  constructor(
    private readonly settings: CsvSettings,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  encode(event: BridgeEvent): string {
    return row(columns.map((column) => String(event[column] ?? '')));
  }

  async send({ lines, lost }: Batch): Promise<Setback | null> {
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

  async close(): Promise<void> {
    await this.file?.handle.close();
    this.file = null;
  }

  private get path(): string {
    return join(this.settings.folder, `${this.settings.name}.csv`);
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
    const handle = await open(this.path, 'a', 0o640);
    const { size, birthtimeMs, mtimeMs } = await handle.stat();
    // Not every file system knows when a file was made.
    const file = (this.file = { handle, bytes: size, since: size > 0 ? birthtimeMs || mtimeMs : this.clock.now() });
    if (size > 0) return file;
    await handle.appendFile(HEADER);
    file.bytes = HEADER.length;
    return file;
  }

  /** Puts the file aside under the time of now, and removes those that are too many. */
  private async rotate(): Promise<void> {
    await this.close();
    // Two within a millisecond, or a clock that was set back, must not write over one another.
    this.lastStamp = Math.max(this.clock.now(), this.lastStamp + 1);
    const { folder, name, keepFiles } = this.settings;
    await rename(this.path, join(folder, `${name}-${stampOf(this.lastStamp)}.csv`));
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
