import { hash } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { readHash } from './password-hash.js';

// The smallest setting that OWASP recommends for argon2id, about 36 ms of one core.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Turns passwords into argon2id hashes and checks them, and the hashes that others made. */
@Injectable()
export class PasswordHasher {
  /** Somebody's hash, so that an unknown name costs what a known one does. */
  private readonly decoy = hash('nobody has this password', options);

  hash(password: string | Buffer): Promise<string> {
    return hash(password, options);
  }

  /** Whether the password belongs to the hash. Without a hash: false, after the same work. */
  async verify(passwordHash: string | null, password: string | Buffer): Promise<boolean> {
    const known = readHash(passwordHash ?? (await this.decoy));
    if (!('verify' in known)) throw new Error('A password hash in the database cannot be read.');
    const matches = await known.verify(Buffer.from(password));
    return matches && passwordHash !== null;
  }
}
