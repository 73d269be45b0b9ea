/** What comes before the first row: a signature, flags, and the length of an extension, which is 0. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 8;
/** Where the number of columns would be, behind the last row. */
const END = -1;
const NULL_LENGTH = -1;

const TWO_TO_32 = 0x1_0000_0000;
/** Postgres counts µs since then. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const JSONB_VERSION = 1;

/** Reads the columns of a row in the binary format of COPY, one after the other. Each is a length and so many bytes. */
export class RowReader {
  private bytes: Buffer = SIGNATURE;
  private at = 0;

  /** Stands before the first column of the row; false when there is none. */
  begin(bytes: Buffer): boolean {
    this.bytes = bytes;
    // No row can begin so: it would have 20,551 columns.
    this.at = bytes[0] === SIGNATURE[0] && bytes.indexOf(SIGNATURE) === 0 ? HEADER_BYTES : 0;
    const columns = this.bytes.readInt16BE(this.at);
    this.at += 2;
    return columns !== END;
  }

  /** True when the column is null, which is then passed over. */
  isNull(): boolean {
    if (this.bytes.readInt32BE(this.at) !== NULL_LENGTH) return false;
    this.at += 4;
    return true;
  }

  /** A `boolean`. */
  boolean(): boolean {
    return this.bytes[this.next()] === 1;
  }

  /** A `smallint`. */
  smallint(): number {
    return this.bytes.readInt16BE(this.next());
  }

  /** A `bigint`; beyond 2^53 the nearest number. */
  bigint(): number {
    const from = this.next();
    return this.bytes.readInt32BE(from) * TWO_TO_32 + this.bytes.readUInt32BE(from + 4);
  }

  /** A `timestamptz`, in ms since 1970. */
  time(): number {
    return this.bigint() / 1000 + POSTGRES_EPOCH_MS;
  }

  /** A `text`. */
  text(): string {
    const from = this.next();
    return this.bytes.toString('utf8', from, this.at);
  }

  /** A `jsonb`. */
  json(): unknown {
    const from = this.next();
    if (this.bytes[from] !== JSONB_VERSION) throw new Error(`jsonb of version ${this.bytes[from]}`);
    return JSON.parse(this.bytes.toString('utf8', from + 1, this.at));
  }

  /** A `bytea`, copied: the row's bytes are part of a larger chunk, which must not be kept for it. */
  bytea(): Buffer {
    const from = this.next();
    const copy = Buffer.allocUnsafe(this.at - from);
    this.bytes.copy(copy, 0, from, this.at);
    return copy;
  }

  /** Passes over the column; where it began. */
  private next(): number {
    const from = this.at + 4;
    this.at = from + this.bytes.readInt32BE(this.at);
    return from;
  }
}
