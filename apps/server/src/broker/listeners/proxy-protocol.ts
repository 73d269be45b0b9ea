import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** Where a connection comes from in truth; without an address for a peer that has none. */
export interface ProxiedSource {
  readonly address: string | null;
  readonly port: number | null;
}

/** A header of the PROXY protocol, read. */
export interface ProxyHeader {
  /** How many bytes it has; what follows is the connection's own. */
  readonly length: number;
  /** Null where the proxy speaks for itself, or does not know: the connection's own address holds. */
  readonly source: ProxiedSource | null;
}

/** What the first bytes of a connection are. `incomplete` never comes for more than `MAX_HEADER_BYTES`. */
export type ProxyReading = ProxyHeader | 'incomplete' | 'invalid';

/** The longest header that is taken, extensions of version 2 included. */
export const MAX_HEADER_BYTES = 4096;

const V1_PREFIX = Buffer.from('PROXY ');
/** The longest line that version 1 can make, its line break included. */
const V1_MAX_BYTES = 107;
const V2_SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const V2_FIXED_BYTES = 16;

/** Reads a header of the PROXY protocol, version 1 or 2, from the first bytes of a connection. Never throws. */
export function readProxyHeader(bytes: Buffer): ProxyReading {
  if (bytes.length === 0) return 'incomplete';
  const signature = bytes[0] === V1_PREFIX[0] ? V1_PREFIX : V2_SIGNATURE;
  const compared = Math.min(bytes.length, signature.length);
  if (!bytes.subarray(0, compared).equals(signature.subarray(0, compared))) return 'invalid';
  if (compared < signature.length) return 'incomplete';
  return signature === V1_PREFIX ? readVersion1(bytes) : readVersion2(bytes);
}

function readVersion1(bytes: Buffer): ProxyReading {
  const end = bytes.subarray(0, V1_MAX_BYTES).indexOf('\r\n');
  if (end < 0) return bytes.length < V1_MAX_BYTES ? 'incomplete' : 'invalid';
  const source = sourceOfLine(bytes.toString('latin1', V1_PREFIX.length, end));
  return source === 'invalid' ? 'invalid' : { length: end + 2, source };
}

function sourceOfLine(line: string): ProxiedSource | null | 'invalid' {
  const [family, source = '', destination = '', sourcePort = '', destinationPort = '', ...more] = line.split(' ');
  if (family === 'UNKNOWN') return null;
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isPlainIPv6 : null;
  if (!isAddress?.(source) || !isAddress(destination) || more.length > 0) return 'invalid';
  if (!isPort(sourcePort) || !isPort(destinationPort)) return 'invalid';
  return { address: isIPv4(source) ? source : canonicalIPv6(source), port: Number(sourcePort) };
}

/** Node takes a zone as part of an address; a proxy cannot know ours. */
function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

function isPort(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

const LOCAL = 0x20;
const PROXY = 0x21;

function readVersion2(bytes: Buffer): ProxyReading {
  if (bytes.length < V2_FIXED_BYTES) return 'incomplete';
  const command = bytes[12] as number;
  const length = V2_FIXED_BYTES + bytes.readUInt16BE(14);
  if ((command !== LOCAL && command !== PROXY) || length > MAX_HEADER_BYTES) return 'invalid';
  if (bytes.length < length) return 'incomplete';
  // What a proxy says of a connection of its own, such as a health check, is to be ignored.
  if (command === LOCAL) return { length, source: null };
  const source = sourceOfBlock(bytes[13] as number, bytes.subarray(V2_FIXED_BYTES, length));
  return source === 'invalid' ? 'invalid' : { length, source };
}

const UNSPECIFIED = 0x00;
const TCP_OVER_IPV4 = 0x11;
const TCP_OVER_IPV6 = 0x21;
const UNIX_STREAM = 0x31;
const IPV4_BLOCK_BYTES = 12;
const IPV6_BLOCK_BYTES = 36;
const UNIX_BLOCK_BYTES = 216;

/** The addresses come first; the extensions behind them are skipped. Datagrams cannot have come this way. */
function sourceOfBlock(family: number, block: Buffer): ProxiedSource | null | 'invalid' {
  switch (family) {
    case UNSPECIFIED:
      return null;
    case TCP_OVER_IPV4:
      if (block.length < IPV4_BLOCK_BYTES) return 'invalid';
      return { address: block.subarray(0, 4).join('.'), port: block.readUInt16BE(8) };
    case TCP_OVER_IPV6:
      if (block.length < IPV6_BLOCK_BYTES) return 'invalid';
      return { address: textOfIPv6(block), port: block.readUInt16BE(32) };
    case UNIX_STREAM:
      return block.length < UNIX_BLOCK_BYTES ? 'invalid' : { address: null, port: null };
    default:
      return 'invalid';
  }
}

function textOfIPv6(block: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, group) => block.readUInt16BE(group * 2).toString(16));
  return canonicalIPv6(groups.join(':'));
}

/** As the system writes it, so that one address has one text. */
function canonicalIPv6(text: string): string {
  return new SocketAddress({ address: text, family: 'ipv6' }).address;
}
