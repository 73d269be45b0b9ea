import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiKeySignIns } from '../api-keys/api-key-sign-ins.js';
import { RefusalTally } from '../audit/refusal-tally.js';
import { bearerIn, type Credentials } from './sign-ins.js';

/** Writes down which API keys opened nothing, and why: revoked, expired, or never ours. */
@Injectable()
export class RefusedKeys {
  constructor(
    private readonly keys: ApiKeySignIns,
    private readonly tally: RefusalTally,
  ) {}

  /** To be told of credentials that nobody is signed in by. */
  async tell({ headers, address }: Credentials, requestId: string): Promise<void> {
    const key = bearerIn(headers);
    if (key === null) return;
    const actor: Actor = { name: '', address: address ?? '', requestId, role: null };
    await this.tally.take(actor, { action: 'apiKeys.refused', ...(await this.keys.refusalOf(key)) });
  }
}
