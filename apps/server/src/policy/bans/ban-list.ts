import { AddressBans } from './address-bans.js';
import type { Ban, BanSubject } from './ban.js';

/** The bans that hold, in memory: asked for each client that wants to come in. */
export class BanList {
  private readonly byId = new Map<string, Ban>();
  private readonly byClientId = new Map<string, Ban>();
  private readonly byUsername = new Map<string, Ban>();
  private readonly addresses = new AddressBans();

  constructor(private readonly now: () => number = Date.now) {}

  get size(): number {
    return this.byId.size;
  }

  /** Holds from now on, in place of what was known of the same ban. */
  put(ban: Ban): void {
    this.remove(ban.id);
    this.byId.set(ban.id, ban);
    if (ban.kind === 'clientid') this.byClientId.set(ban.value, ban);
    else if (ban.kind === 'username') this.byUsername.set(ban.value, ban);
    else this.addresses.add(ban);
  }

  /** Holds no more. */
  remove(id: string): void {
    const ban = this.byId.get(id);
    if (!ban) return;
    this.byId.delete(id);
    if (ban.kind === 'clientid') this.byClientId.delete(ban.value);
    else if (ban.kind === 'username') this.byUsername.delete(ban.value);
    else this.addresses.remove(ban);
  }

  /** The ban that keeps this client out now, or null. */
  find({ clientId, username, address }: BanSubject): Ban | null {
    if (this.byId.size === 0) return null;
    const named = (clientId !== null && this.holding(this.byClientId.get(clientId))) || null;
    if (named) return named;
    const ofUser = (username !== null && this.holding(this.byUsername.get(username))) || null;
    if (ofUser || address === null) return ofUser;
    return this.addresses.at(address).find((ban) => this.holding(ban) !== null) ?? null;
  }

  /** The ban while its time is not over; one that has ended is forgotten. */
  private holding(ban: Ban | undefined): Ban | null {
    if (!ban) return null;
    if (ban.until === null || ban.until > this.now()) return ban;
    this.remove(ban.id);
    return null;
  }
}
