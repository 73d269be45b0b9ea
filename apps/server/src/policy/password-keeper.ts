import { Injectable } from '@nestjs/common';
import { BoundedQueue } from './bounded-queue.js';
import { CredentialStore, type StoredCredentials } from './credential-store.js';
import { isArgon2 } from './password-hash.js';
import { PasswordSecrets } from './password-secrets.js';

/** Users that may wait for it; one who finds no place gets it at the next log-in. */
const WAITING = 1000;

/**
 * Keeps the password of whoever logs in as it would be kept now: hashed our way where the hash came from elsewhere, with
 * SCRAM keys where it was set before SCRAM was on offer.
 */
@Injectable()
export class PasswordKeeper {
  // One at a time: whoever logs in now must not wait behind what nobody waits for.
  private readonly queue = new BoundedQueue(1, WAITING);

  constructor(
    private readonly store: CredentialStore,
    private readonly secrets: PasswordSecrets,
  ) {}

  /** Keeps a password that was just verified, unless it is kept well. Null when there is nothing to do now. */
  keep(username: string, password: Buffer, { passwordHash, scramKeys }: StoredCredentials): Promise<void> | null {
    const isOurs = isArgon2(passwordHash);
    if (isOurs && this.secrets.areCurrent(scramKeys)) return null;
    const copy = Buffer.from(password); // the password is a piece of the chunk that it came in
    return this.queue.run(async () => {
      const kept = isOurs
        ? { passwordHash, scramKeys: await this.secrets.scramKeysOf(copy) }
        : await this.secrets.of(copy);
      await this.store.keepOtherwise(username, passwordHash, kept);
    });
  }
}
