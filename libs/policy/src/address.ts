/**
 * An IP address as its bits in 16-bit groups: two for IPv4, eight for IPv6. An IPv4-mapped IPv6 address
 * (`::ffff:1.2.3.4`) is the IPv4 address it stands for, because a dual-stack socket reports it so.
 */
export type Address = readonly number[];

/** A block of addresses: the first `bits` bits are given. */
export interface AddressRange {
  readonly address: Address;
  readonly bits: number;
}

const V4_GROUPS = 2;
const V6_GROUPS = 8;
const V4_BYTES = 4;
const ZERO = 0x30;
const MAPPED_BITS = 96;

/** Reads an IPv4 or IPv6 address, with or without a zone; null when it is neither. */
export function parseAddress(text: string): Address | null {
  const zone = text.indexOf('%');
  const address = zone === -1 ? parseGroups(text) : parseGroups(text.slice(0, zone));
  return address !== null && isMapped(address) ? address.slice(V6_GROUPS - V4_GROUPS) : address;
}

/** Reads an address or a CIDR block, IPv4 or IPv6; null when it is neither. Bits beyond the prefix are ignored. */
export function parseAddressRange(text: string): AddressRange | null {
  const slash = text.indexOf('/');
  const address = parseGroups(slash === -1 ? text : text.slice(0, slash));
  if (address === null) return null;
  const widest = address.length * 16;
  const bits = slash === -1 ? widest : parsePrefix(text.slice(slash + 1), widest);
  if (bits === null) return null;
  if (isMapped(address) && bits >= MAPPED_BITS) {
    return { address: address.slice(V6_GROUPS - V4_GROUPS), bits: bits - MAPPED_BITS };
  }
  return { address, bits };
}

/** Whether the address lies in the block. IPv4 addresses lie in IPv4 blocks only, however they were written. */
export function rangeContains(range: AddressRange, address: Address): boolean {
  if (range.address.length !== address.length) return false;
  for (let group = 0, left = range.bits; left > 0; group += 1, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if (((address[group] ?? 0) & mask) !== ((range.address[group] ?? 0) & mask)) return false;
  }
  return true;
}

/** Whether every address of `inner` lies in `outer`. */
export function rangeCovers(outer: AddressRange, inner: AddressRange): boolean {
  return outer.bits <= inner.bits && rangeContains(outer, inner.address);
}

function parseGroups(text: string): Address | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): Address | null {
  let bits = 0;
  let bytes = 0;
  for (let at = 0; at <= text.length; bytes++) {
    const dot = text.indexOf('.', at);
    const byte = parseByte(text, at, dot === -1 ? text.length : dot);
    if (byte === null || bytes === V4_BYTES) return null;
    bits = bits * 256 + byte;
    at = dot === -1 ? text.length + 1 : dot + 1;
  }
  return bytes === V4_BYTES ? [bits >>> 16, bits & 0xffff] : null;
}

/** 010 is eight to some readers and ten to others: no leading zeros. */
function parseByte(text: string, start: number, end: number): number | null {
  const digits = end - start;
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(start) === ZERO)) return null;
  let byte = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return null;
    byte = byte * 10 + digit;
  }
  return byte < 256 ? byte : null;
}

function parseV6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = '', tail] = halves;
  const front = parseHextets(head, tail === undefined);
  const back = tail === undefined ? [] : parseHextets(tail, true);
  if (front === null || back === null) return null;
  const missing = V6_GROUPS - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...front, ...new Array<number>(missing).fill(0), ...back];
}

/** The groups of one side of `::`; only the side that ends the address may end in an IPv4 address. */
function parseHextets(text: string, endsAddress: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = endsAddress && index === parts.length - 1 && part.includes('.') ? parseV4(part) : null;
    if (v4 !== null) groups.push(...v4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function parsePrefix(text: string, widest: number): number | null {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return null;
  return Number(text) <= widest ? Number(text) : null;
}

function isMapped(address: Address): boolean {
  return address.length === V6_GROUPS && address[5] === 0xffff && address.slice(0, 5).every((group) => group === 0);
}
