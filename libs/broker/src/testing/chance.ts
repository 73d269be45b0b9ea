/** Of controls, ASCII, the basic plane with its surrogates, and all planes. */
const RANGES = [0x20, 0x80, 0x80, 0x1_0000, 0x11_0000];

/** Chooses by chance, alike each time for the same seed. Quick: a fuzz test makes tens of thousands of inputs with it. */
export class Chance {
  constructor(private state: number) {}

  /** A whole number from 0, less than this one (mulberry32). */
  number(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  oneIn(times: number): boolean {
    return this.number(times) === 0;
  }

  of<Value>(list: readonly Value[]): Value {
    return list[this.number(list.length)] as Value;
  }

  /** One of the first list, and every so often one of the second. */
  mostly<Value, Other>(usual: readonly Value[], odd: readonly Other[], oneIn = 10): Value | Other {
    return this.oneIn(oneIn) ? this.of(odd) : this.of(usual);
  }

  /** A text of any characters, halves of surrogate pairs among them. */
  text(maximumLength: number): string {
    const codes = Array.from({ length: this.number(maximumLength + 1) }, () => this.number(this.of(RANGES)));
    return codes.map((code) => String.fromCodePoint(code)).join('');
  }

  bytes(maximumLength: number): Buffer {
    return Buffer.from(Array.from({ length: this.number(maximumLength + 1) }, () => this.number(256)));
  }

  /** An object in which each of the fields is there about half of the time, also one called `__proto__`. */
  someOf(fields: Readonly<Record<string, (chance: this) => unknown>>): object {
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, make]) => (this.oneIn(2) ? [[name, make(this)] as const] : [])),
    );
  }
}
