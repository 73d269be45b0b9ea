import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { PasswordHasher } from './password-hasher.js';
import { deriveScramKeys, formatScramKeys, parseScramKeys } from './scram-keys.js';

/** What is kept of the password of a user. */
export interface KeptPassword {
  readonly passwordHash: string;
  /** Null where SCRAM is not on offer. */
  readonly scramKeys: string | null;
}

/** Makes of a password what may be kept. */
@Injectable()
export class PasswordSecrets {
  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Everything that a log-in may need of this password. */
  async of(password: string | Buffer): Promise<KeptPassword> {
    const [passwordHash, scramKeys] = await Promise.all([this.hasher.hash(password), this.scramKeysOf(password)]);
    return { passwordHash, scramKeys };
  }

  /** The SCRAM keys of this password, written out; null where SCRAM is not on offer. */
  async scramKeysOf(password: string | Buffer): Promise<string | null> {
    const { scramIterations } = this.config;
    return scramIterations === 0 ? null : formatScramKeys(await deriveScramKeys(password, scramIterations));
  }

  /** Whether these keys are as they would be made now. */
  areCurrent(scramKeys: string | null): boolean {
    const { scramIterations } = this.config;
    return scramIterations === 0 || parseScramKeys(scramKeys)?.iterations === scramIterations;
  }
}
