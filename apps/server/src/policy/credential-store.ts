import { Injectable } from '@nestjs/common';
import { PrismaService } from '../database/prisma.service.js';
import type { KeptPassword } from './password-secrets.js';
import { termsOf, type UserTerms } from './user-terms.js';

/** What a password is checked against, and what holds for whoever has it. */
export interface StoredCredentials {
  readonly passwordHash: string;
  /** As `formatScramKeys` writes them; null while they are not known. */
  readonly scramKeys: string | null;
  readonly terms: UserTerms;
}

const select = {
  passwordHash: true,
  scramKeys: true,
  disabled: true,
  clientIdBinding: true,
  clientIdText: true,
  addresses: true,
  connectionLimit: true,
  validUntil: true,
  labels: true,
} as const;

/** Looks up the credentials of users. */
@Injectable()
export class CredentialStore {
  constructor(private readonly prisma: PrismaService) {}

  /** The user's credentials, or null when there is no such user. Rejects when the database is away. */
  async find(username: string): Promise<StoredCredentials | null> {
    // Postgres text cannot hold NUL, so nobody has such a name.
    if (username.includes('\0')) return null;
    const row = await this.prisma.user.findUnique({ where: { username }, select });
    return row && { passwordHash: row.passwordHash, scramKeys: row.scramKeys, terms: termsOf(row) };
  }

  /** Keeps the same password otherwise. False when the user has another password by now. */
  async keepOtherwise(username: string, formerHash: string, kept: KeptPassword): Promise<boolean> {
    const { passwordHash, scramKeys } = kept;
    // Not by Prisma's update: the user has not been changed by anybody.
    const changed = await this.prisma.$executeRaw`
      UPDATE users SET password_hash = ${passwordHash}, scram_keys = ${scramKeys}
      WHERE username = ${username} AND password_hash = ${formerHash}`;
    return changed > 0;
  }
}
