import { TokenBucket } from './token-bucket.js';

/** New links in a second; 0 for no bound. */
export interface ConnectRates {
  readonly inAll: number;
  readonly perAddress: number;
  /** Addresses whose rate is kept. */
  readonly addresses: number;
}

/** A rate may be had for this long at once after a rest: devices come back together after an outage. */
const BURST_SECONDS = 5;

/** Bounds how fast new links come, in all and from each address. */
export class ConnectRate {
  private readonly inAll: TokenBucket | null;
  /** By when they were asked last: the oldest first. */
  private readonly byAddress = new Map<string, TokenBucket>();

  constructor(
    private readonly rates: ConnectRates,
    now: number,
  ) {
    this.inAll = rates.inAll > 0 ? newBucket(rates.inAll, now) : null;
  }

  /** Whether one more link may come. Who comes too fast from one address takes nothing from the others. */
  admits(address: string | null, now: number): boolean {
    if (address !== null && this.rates.perAddress > 0 && !this.bucketOf(address, now).tryTake(1, now)) return false;
    return this.inAll?.tryTake(1, now) ?? true;
  }

  private bucketOf(address: string, now: number): TokenBucket {
    const bucket = this.byAddress.get(address) ?? newBucket(this.rates.perAddress, now);
    this.byAddress.delete(address);
    this.byAddress.set(address, bucket);
    this.forgetOldest(now);
    return bucket;
  }

  /** At the bound somebody is forgotten who may still owe something; below it only who owes nothing any more. */
  private forgetOldest(now: number): void {
    const [oldest] = this.byAddress;
    if (oldest && (this.byAddress.size > this.rates.addresses || (this.byAddress.size > 1 && oldest[1].isFull(now)))) {
      this.byAddress.delete(oldest[0]);
    }
  }
}

function newBucket(perSecond: number, now: number): TokenBucket {
  return new TokenBucket({ perSecond, burst: perSecond * BURST_SECONDS }, now);
}
