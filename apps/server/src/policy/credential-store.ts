import { Injectable } from '@nestjs/common';
import { PrismaService } from '../database/prisma.service.js';

/** What a password is checked against. */
export interface StoredCredentials {
  readonly passwordHash: string;
  readonly disabled: boolean;
}

/** Looks up the credentials of users. */
@Injectable()
export class CredentialStore {
  constructor(private readonly prisma: PrismaService) {}

  /** The user's credentials, or null when there is no such user. Rejects when the database is away. */
  find(username: string): Promise<StoredCredentials | null> {
    // Postgres text cannot hold NUL, so nobody has such a name.
    if (username.includes('\0')) return Promise.resolve(null);
    return this.prisma.user.findUnique({ where: { username }, select: { passwordHash: true, disabled: true } });
  }
}
