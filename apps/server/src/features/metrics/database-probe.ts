import type { Database } from '../../database/database.js';

/** Asks the database now and then whether it is there. Null is what is not known yet. */
export class DatabaseProbe {
  isUp: boolean | null = null;
  /** How long the last answer took; null where there was none. */
  answerSeconds: number | null = null;
  private isAsking = false;

  constructor(private readonly database: Pick<Database, 'isUp'>) {}

  /** Never rejects; does nothing while an answer is still awaited. */
  async look(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    const start = performance.now();
    const isUp = await this.database.isUp();
    this.isUp = isUp;
    this.answerSeconds = isUp ? (performance.now() - start) / 1000 : null;
    this.isAsking = false;
  }
}
