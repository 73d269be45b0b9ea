import type { Prisma } from '../../database/generated/client.js';
import type { BackupSection, SectionName } from './backup-section.js';

/** Every part of the configuration that a backup holds. */
export class BackupSections {
  constructor(private readonly sections: readonly BackupSection[]) {}

  /** Those of these names, in the order in which they are restored. */
  of(names: readonly SectionName[]): readonly BackupSection[] {
    return this.sections.filter(({ name }) => names.includes(name));
  }

  /** Runs the work while nothing else of these sections is brought to who is connected. */
  inTurn<Result>(sections: readonly BackupSection[], work: () => Promise<Result>): Promise<Result> {
    // Nobody else takes more than one of these turns, so nobody waits in a circle.
    return sections.reduceRight<() => Promise<Result>>(
      (inner, section) => () => section.inTurn?.(inner) ?? inner(),
      work,
    )();
  }

  /** Until the transaction ends, nobody else changes anything of these sections. */
  async lock(sections: readonly BackupSection[], tx: Prisma.TransactionClient): Promise<void> {
    for (const section of sections) await section.lock(tx);
  }
}
