/** Who waits until a message can no longer be lost. Told one of the two, once. */
export interface SafetyListener {
  safe(): void;
  /** It never will be. */
  lost(): void;
}

/**
 * The copies of a message that durable sessions are owed. They are safe when all of them are committed, or when each is
 * settled: a crash then loses nothing that a client has not got.
 */
export class Copies {
  private owed = 0;
  private listener: SafetyListener | null = null;
  private group: CommitGroup | null = null;

  /** One more is owed. */
  added(): void {
    this.owed++;
  }

  /** One of them is over: its client has it, or is not to get it. */
  settled(): void {
    this.owed--;
    if (this.owed > 0 || this.group === null) return;
    this.group.leave(this);
    this.finish(true);
  }

  /** Tells when they are safe: with the group's commit at the latest. */
  waitIn(group: CommitGroup, listener: SafetyListener): void {
    if (this.owed === 0) return listener.safe();
    this.group = group;
    this.listener = listener;
    group.enter(this);
  }

  /** How the commit went, or that it is not needed any more. */
  finish(isSafe: boolean): void {
    const { listener } = this;
    this.group = null;
    this.listener = null;
    if (isSafe) listener?.safe();
    else listener?.lost();
  }
}

/** Those whose copies become durable with the same commit. */
export class CommitGroup {
  private readonly waiting = new Set<Copies>();

  constructor(readonly committed: Promise<void>) {
    committed.then(
      () => this.finish(true),
      () => this.finish(false),
    );
  }

  enter(copies: Copies): void {
    this.waiting.add(copies);
  }

  /** The commit is not needed any more. */
  leave(copies: Copies): void {
    this.waiting.delete(copies);
  }

  private finish(isSafe: boolean): void {
    for (const copies of this.waiting) copies.finish(isSafe);
    this.waiting.clear();
  }
}
