import { type AddressRange, parseAddress, parseAddressRange, rangeContains } from '@perch/policy';

/** The proxies whose word is taken for where a client comes from. */
export class TrustedProxies {
  private readonly ranges: readonly AddressRange[];

  constructor(ranges: readonly string[]) {
    this.ranges = ranges.flatMap((text) => parseAddressRange(text) ?? []);
  }

  includes(address: string | null): boolean {
    if (this.ranges.length === 0) return false;
    const parsed = address === null ? null : parseAddress(address);
    return parsed !== null && this.ranges.some((range) => rangeContains(range, parsed));
  }
}
