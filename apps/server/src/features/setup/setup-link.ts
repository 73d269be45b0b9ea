import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { OperatorsService } from '../operators/operators.service.js';
import { SetupStore } from './setup.store.js';

/** The one-time link that makes the first operator. Each start makes a new one until it is used. */
@Injectable()
export class SetupLink {
  private token: string | null = null;

  constructor(
    private readonly store: SetupStore,
    private readonly operators: OperatorsService,
  ) {}

  /**
   * The link's path, or null once there is an operator. The token is behind the `#`, so that no server,
   * proxy or Referer header ever sees it.
   */
  async currentLink(): Promise<string | null> {
    if (!(await this.operators.isEmpty())) return null;
    this.token ??= await this.renew();
    return `/setup#token=${this.token}`;
  }

  /** Whether the token is that of the link that was printed last. */
  async matches(token: string): Promise<boolean> {
    const expected = await this.store.tokenHash();
    return expected !== null && timingSafeEqual(Buffer.from(expected, 'hex'), digest(token));
  }

  /** Ends the link for good, with the transaction. */
  consume(tx: Prisma.TransactionClient): Promise<void> {
    return this.store.clear(tx);
  }

  private async renew(): Promise<string> {
    const token = randomBytes(24).toString('base64url');
    await this.store.save(digest(token).toString('hex'));
    return token;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
