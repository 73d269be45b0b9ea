import { Injectable } from '@nestjs/common';
import { BoundedQueue } from './bounded-queue.js';
import { CredentialStore, type StoredCredentials } from './credential-store.js';
import { PasswordSecrets } from './password-secrets.js';

/** Users that may wait for their keys; one who finds no place gets them at the next log-in. */
const WAITING = 1000;

/** Gives users whose password was set before SCRAM was on offer their keys, when they log in with that password. */
@Injectable()
export class ScramKeyKeeper {
  // One at a time: whoever logs in now must not wait behind what nobody waits for.
  private readonly queue = new BoundedQueue(1, WAITING);

  constructor(
    private readonly store: CredentialStore,
    private readonly secrets: PasswordSecrets,
  ) {}

  /** Keeps the keys of a password that was just verified, unless they are there. Null when there is nothing to do now. */
  keep(username: string, password: Buffer, stored: StoredCredentials): Promise<void> | null {
    if (this.secrets.areCurrent(stored.scramKeys)) return null;
    const copy = Buffer.from(password); // the password is a piece of the chunk that it came in
    return this.queue.run(async () => {
      const keys = await this.secrets.scramKeysOf(copy);
      if (keys !== null) await this.store.saveScramKeys(username, stored.passwordHash, keys);
    });
  }
}
