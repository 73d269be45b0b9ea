import { Injectable } from '@nestjs/common';
import type { Authenticator } from '@perch/broker';
import { BanHits } from './ban-hits.js';
import { BanList } from './ban-list.js';
import { BannedAuthenticator } from './banned-authenticator.js';

/** Puts the bans in front of whoever decides who may come in. */
@Injectable()
export class BanGate {
  constructor(
    private readonly bans: BanList,
    private readonly hits: BanHits,
  ) {}

  before(others: Authenticator): Authenticator {
    return new BannedAuthenticator(this.bans, others, (ban) => this.hits.count(ban));
  }
}
