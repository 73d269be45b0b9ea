import { Injectable } from '@nestjs/common';
import { PrismaService } from '../database/prisma.service.js';

/** What a password is checked against. */
export interface StoredCredentials {
  readonly passwordHash: string;
  /** As `formatScramKeys` writes them; null while they are not known. */
  readonly scramKeys: string | null;
  readonly disabled: boolean;
}

const select = { passwordHash: true, scramKeys: true, disabled: true } as const;

/** Looks up the credentials of users. */
@Injectable()
export class CredentialStore {
  constructor(private readonly prisma: PrismaService) {}

  /** The user's credentials, or null when there is no such user. Rejects when the database is away. */
  find(username: string): Promise<StoredCredentials | null> {
    // Postgres text cannot hold NUL, so nobody has such a name.
    if (username.includes('\0')) return Promise.resolve(null);
    return this.prisma.user.findUnique({ where: { username }, select });
  }

  /** Keeps the keys of the password behind this hash. False when the user has another password by now. */
  async saveScramKeys(username: string, passwordHash: string, scramKeys: string): Promise<boolean> {
    // Not by Prisma's update: the user has not been changed by anybody.
    const changed = await this.prisma.$executeRaw`
      UPDATE users SET scram_keys = ${scramKeys} WHERE username = ${username} AND password_hash = ${passwordHash}`;
    return changed > 0;
  }
}
