import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

// The smallest setting that OWASP recommends for argon2id, about 36 ms of one core.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Turns passwords into argon2id hashes and checks them. */
@Injectable()
export class PasswordHasher {
  /** Somebody's hash, so that an unknown name costs what a known one does. */
  private readonly decoy = hash('nobody has this password', options);

  hash(password: string): Promise<string> {
    return hash(password, options);
  }

  /** Whether the password belongs to the hash. Without a hash: false, after the same work. */
  async verify(passwordHash: string | null, password: string | Buffer): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.decoy), password);
    return matches && passwordHash !== null;
  }
}
