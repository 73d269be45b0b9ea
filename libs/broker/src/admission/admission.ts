import { networkOf } from '@perch/policy';
import type { Refusal } from '../refusal.js';
import { ConnectRate } from './connect-rate.js';
import { KeyCounts } from './key-counts.js';

/** Whom there is room for. 0 is no bound. */
export interface AdmissionLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  readonly connectionsPerUser: number;
  readonly connectsPerSecond: number;
  readonly connectsPerSecondPerAddress: number;
}

/** Addresses whose connect rate is kept. */
const RATED_ADDRESSES = 10_000;

/** Counts links in and out, in all, by address (IPv6 by /64) and by user (`userKey`), and says who finds no room. */
export class Admission {
  private readonly rate: ConnectRate;
  private readonly byAddress = new KeyCounts();
  private readonly byUser = new KeyCounts();
  private links = 0;

  constructor(
    private readonly limits: AdmissionLimits,
    now: number,
  ) {
    const { connectsPerSecond, connectsPerSecondPerAddress } = limits;
    this.rate = new ConnectRate(
      { inAll: connectsPerSecond, perAddress: connectsPerSecondPerAddress, addresses: RATED_ADDRESSES },
      now,
    );
  }

  /** Counts a new link in, or says why it may not stay. Call `left` with the same address when it has closed. */
  linked(address: string | null, now: number): Refusal | null {
    const { limits } = this;
    if (this.links >= limits.connections) return 'server-busy';
    const network = this.countedNetwork(address);
    if (limits.connectionsPerAddress > 0 && network !== null) {
      if (this.byAddress.of(network) >= limits.connectionsPerAddress) return 'quota-exceeded';
    }
    if (!this.rate.admits(network, now)) return 'connection-rate-exceeded';
    this.links++;
    if (network !== null) this.byAddress.add(network);
    return null;
  }

  left(address: string | null): void {
    this.links--;
    const network = this.countedNetwork(address);
    if (network !== null) this.byAddress.remove(network);
  }

  /** How many connections a user may have whose own limit this is, null for none; infinite for no bound. */
  boundOf(ownLimit: number | null): number {
    return Math.min(this.limits.connectionsPerUser || Infinity, ownLimit ?? Infinity);
  }

  /** Whether a user may have one more connection within the bound, besides those that end for it. */
  hasRoomFor(user: string | null, bound: number, ending: number): boolean {
    return user === null || this.byUser.of(user) - ending < bound;
  }

  /** Counts a connection of a user in. */
  entered(user: string | null): void {
    if (user !== null) this.byUser.add(user);
  }

  exited(user: string | null): void {
    if (user !== null) this.byUser.remove(user);
  }

  /** Null where nothing is counted by address. */
  private countedNetwork(address: string | null): string | null {
    const { connectionsPerAddress, connectsPerSecondPerAddress } = this.limits;
    if (address === null || connectionsPerAddress + connectsPerSecondPerAddress === 0) return null;
    return networkOf(address);
  }
}
