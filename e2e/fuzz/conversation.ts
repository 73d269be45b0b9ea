import { Random } from '../torture/random.js';
import { mutated } from './mutate.js';
import { bytesOf, type PacketTree } from './packet-tree.js';
import { jsonInput } from './json-frames.js';
import {
  clientId,
  scramAuth,
  scramConnect,
  validConnect,
  validPacket,
  type Credentials,
  type Version,
} from './valid-packets.js';
import { oddFrame, wrapped } from './web-socket-frames.js';

/** One thing that a fuzzer does. Plain data, so that it can be kept in a file and done again. */
export type Move =
  /** Writes bytes in these pieces; `inputs` of them are packets or frames that count. */
  | { readonly do: 'send'; readonly pieces: readonly string[]; readonly inputs: number }
  /** Waits until something has come, at most this long. */
  | { readonly do: 'listen'; readonly ms: number }
  /** Acknowledges what came, rightly or with another id or another kind of packet. */
  | { readonly do: 'answer'; readonly offset: number; readonly confused: boolean }
  | { readonly do: 'leave'; readonly how: 'end' | 'half' | 'destroy' | 'reset' };

/** Everything that one connection sends. */
export interface Conversation {
  readonly transport: 'tcp' | 'ws' | 'json';
  /** Where it seems to come from, on systems that have all of 127.0.0.0/8. */
  readonly address: string;
  readonly version: Version;
  readonly moves: readonly Move[];
}

const LISTEN_MS = 40;

/** The conversation of this number under this seed: always the same. */
export function conversation(seed: string, number: number, who: Credentials): Conversation {
  const random = new Random(`${seed}/${number}`);
  const transport = random.pick(['tcp', 'tcp', 'ws', 'json'] as const);
  const version = random.pick([3, 4, 5, 5] as const);
  const isKnown = random.chance(0.85);
  // Whoever fails to log in is slowed down by address: those who do it right come from elsewhere.
  const address = isKnown ? '127.0.0.2' : `127.1.${random.between(0, 255)}.${random.between(1, 254)}`;
  if (transport === 'json')
    return { transport, address, version, moves: jsonMoves(random, { ...who, clientId: `json-${clientId(random)}` }) };
  const connect = validConnect(random, version, who);
  const isScram = !isKnown && version === 5 && random.chance(0.4);
  const frame = (bytes: Buffer) => (transport === 'ws' ? wrapped(random, bytes) : bytes);
  const moves: Move[] = [];
  if (isKnown) moves.push(send(random, [frame(bytesOf(connect))], 0), { do: 'listen', ms: 2000 });
  else if (isScram) moves.push(...scramMoves(random, who, frame));
  else if (random.chance(0.8)) moves.push(send(random, [frame(mutated(random, connect))]));
  for (let i = random.between(1, 8); i > 0; i--) moves.push(...nextMoves(random, version, frame, transport));
  moves.push({ do: 'leave', how: random.pick(['end', 'end', 'half', 'destroy', 'reset'] as const) });
  return { transport, address, version, moves };
}

function nextMoves(random: Random, version: Version, frame: (bytes: Buffer) => Buffer, transport: string): Move[] {
  const roll = random.next();
  if (roll < 0.1) return [{ do: 'listen', ms: LISTEN_MS }];
  if (roll < 0.25) return [{ do: 'answer', offset: random.pick([0, 0, 0, 1, 7]), confused: random.chance(0.3) }];
  if (transport === 'ws' && roll < 0.33) return [send(random, [oddFrame(random)])];
  const packets = Array.from({ length: random.between(1, 4) }, () => validPacket(random, version));
  // A connection ends at the first broken packet, so most of what comes before it is right.
  const bytes = packets.map((packet) => frame(random.chance(0.35) ? mutated(random, packet) : bytesOf(packet)));
  return [send(random, bytes)];
}

/** Somebody who logs in by an exchange of packets, and gets it wrong sooner or later. */
function scramMoves(random: Random, who: Credentials, frame: (bytes: Buffer) => Buffer): Move[] {
  const packet = (tree: PacketTree) => frame(random.chance(0.3) ? mutated(random, tree) : bytesOf(tree));
  const moves: Move[] = [send(random, [packet(scramConnect(random, who))]), { do: 'listen', ms: 500 }];
  for (let i = random.between(0, 3); i > 0; i--) moves.push(send(random, [packet(scramAuth(random))]));
  return moves;
}

function jsonMoves(random: Random, who: Credentials & { clientId: string }): Move[] {
  const moves: Move[] = [];
  for (let i = random.between(2, 10); i > 0; i--) {
    const frame = random.chance(0.05)
      ? oddFrame(random)
      : wrapped(random, jsonInput(random, who, moves.length === 0), 'text');
    moves.push(send(random, [frame]));
    if (moves.length === 1) moves.push({ do: 'listen', ms: 1000 });
  }
  return [...moves, { do: 'leave', how: random.pick(['end', 'half', 'destroy', 'reset'] as const) }];
}

function send(random: Random, inputs: readonly Buffer[], count = inputs.length): Move {
  const pieces: string[] = [];
  const bytes = Buffer.concat(inputs);
  const cuts = random.pick([0, 0, 0, 1, 2, 5]);
  let at = 0;
  for (let i = 0; i < cuts && at < bytes.length; i++) {
    const length = random.pick([1, 2, random.between(1, 40)]);
    pieces.push(bytes.toString('hex', at, at + length));
    at += length;
  }
  if (at < bytes.length) pieces.push(bytes.toString('hex', at));
  return { do: 'send', pieces, inputs: count };
}
