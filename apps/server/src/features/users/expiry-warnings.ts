/** Users whose end comes within one of these is told of, once. */
const AHEAD = [
  { ms: 24 * 3_600_000, words: 'a day' },
  { ms: 3_600_000, words: 'an hour' },
] as const;

/** Names in a line of the log; the others are said to be there. */
const NAMES = 10;

/** What the warnings ask of the world. */
export interface ExpiryWarningsOptions {
  /** Names of enabled users whose end comes after one moment and not after the other, in ms since the epoch. */
  readonly ending: (after: number, until: number, limit: number) => Promise<string[]>;
  readonly warn: (text: string) => void;
}

/** Says which users end soon: a day before, and an hour before. */
export class ExpiryWarnings {
  /** Up to when it has looked. */
  private readonly looked: Map<number, number> = new Map();

  constructor(private readonly options: ExpiryWarningsOptions) {}

  /** Looks for those of whom nothing has been said. Rejects when users cannot be read now; the next look finds them. */
  async look(now: number): Promise<void> {
    for (const { ms, words } of AHEAD) {
      const until = now + ms;
      const names = await this.options.ending(this.looked.get(ms) ?? now, until, NAMES + 1);
      this.looked.set(ms, until);
      if (names.length === 0) continue;
      const others = names.length > NAMES ? ' and others' : '';
      this.options.warn(`Users that end within ${words}: ${names.slice(0, NAMES).join(', ')}${others}`);
    }
  }
}
