import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PrismaService } from '../database/prisma.service.js';

const key = 'scram.decoy-secret';
const SECRET_BYTES = 32;

/** Keeps what the SCRAM keys of users that are not there are made from. */
@Injectable()
export class DecoySecret {
  constructor(private readonly prisma: PrismaService) {}

  /** The secret of this database; made when it is asked for the first time. */
  async read(): Promise<Buffer> {
    const value = randomBytes(SECRET_BYTES).toString('base64');
    // Servers that start together agree on the first one's.
    await this.prisma.setting.createMany({ data: [{ key, value }], skipDuplicates: true });
    const row = await this.prisma.setting.findUniqueOrThrow({ where: { key } });
    if (typeof row.value !== 'string') throw new Error(`The setting ${key} holds no text.`);
    return Buffer.from(row.value, 'base64');
  }
}
