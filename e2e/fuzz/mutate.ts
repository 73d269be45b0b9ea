import type { Random } from '../torture/random.js';
import { bytesOf, raw, type Field, type PacketTree } from './packet-tree.js';
import { anyProperty } from './valid-packets.js';

/** Texts that make trouble: no UTF-8, too long an encoding, surrogates, NUL, wildcards, depth, length. */
const NASTY_TEXTS = [
  Buffer.alloc(0),
  Buffer.from([0]),
  Buffer.from([0x66, 0x2f, 0]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0xc0, 0xaf]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  Buffer.from([0xf0, 0x9f, 0x8c]),
  Buffer.from('\ufeff'),
  Buffer.from('f/\ufffd\uffff\u0001\u009f'),
  ...[
    '#',
    '+',
    'f/#/a',
    'f/a#',
    'f/+a',
    '$share',
    '$share/',
    '$share//f',
    '$share/+/f',
    '$share/g',
    '$share/g/',
    '$SYS/x',
    '$',
  ].map((text) => Buffer.from(text)),
  Buffer.from('__proto__'),
  Buffer.from('f' + '/'.repeat(127)),
  Buffer.from('f' + '/a'.repeat(500)),
  Buffer.from('f' + '/+'.repeat(60) + '/#'),
  Buffer.alloc(2000, 'f'),
  Buffer.alloc(65_535, 'f'),
];
const LIES = [-3, -2, -1, 1, 2, 3, 127, 128, 16_384, 65_535];

/** The bytes of a packet to which something has happened, once or several times. */
export function mutated(random: Random, packet: PacketTree): Buffer {
  let tree = packet;
  for (let i = random.pick([0, 1, 1, 1, 2, 3]); i > 0; i--) tree = mutateTree(random, tree);
  let bytes = bytesOf(tree);
  for (let i = random.pick([0, 0, 0, 1, 2]); i > 0; i--) bytes = mutateBytes(random, bytes);
  return bytes;
}

function mutateTree(random: Random, tree: PacketTree): PacketTree {
  const roll = random.next();
  if (roll < 0.08) return { ...tree, header: tree.header ^ (1 << random.between(0, 3)) };
  if (roll < 0.12) return { ...tree, header: random.between(0, 255) };
  if (roll < 0.18) return { ...tree, lie: random.pick(LIES) };
  if (roll < 0.2) return { ...tree, spare: random.between(1, 4) };
  return { ...tree, fields: mutateFields(random, tree.fields) };
}

/** Changes one field, or what fields there are. */
function mutateFields(random: Random, fields: readonly Field[]): Field[] {
  const copy = [...fields];
  const at = random.between(0, Math.max(0, copy.length - 1));
  const field = copy[at];
  const roll = random.next();
  if (!field || roll < 0.05) copy.splice(at, 0, random.chance(0.5) ? raw(random.between(0, 255)) : anyProperty(random));
  else if (roll < 0.12) copy.splice(at, 1);
  else if (roll < 0.2) copy.splice(random.between(0, copy.length), 0, field);
  else if (roll < 0.25) copy.push(...copy.splice(at, 1));
  else copy[at] = mutateField(random, field);
  return copy;
}

function mutateField(random: Random, field: Field): Field {
  switch (field.kind) {
    case 'raw':
      return { kind: 'raw', bytes: mutateRaw(random, field.bytes) };
    case 'text':
      return random.chance(0.3)
        ? { ...field, lie: random.pick(LIES) }
        : { kind: 'text', bytes: nastyText(random, field.bytes) };
    case 'property':
      if (random.chance(0.2)) return { ...field, id: random.between(0, 255) };
      return { ...field, values: mutateFields(random, field.values) };
    case 'list': {
      const roll = random.next();
      if (roll < 0.15) return { ...field, lie: random.pick(LIES) };
      if (roll < 0.2) return { ...field, spare: random.between(1, 4) };
      if (roll < 0.5) return { ...field, items: [...field.items, anyProperty(random)] };
      return { ...field, items: mutateFields(random, field.items) };
    }
  }
}

function nastyText(random: Random, bytes: Buffer): Buffer {
  const nasty = random.pick(NASTY_TEXTS);
  if (random.chance(0.6)) return nasty;
  return Buffer.concat(random.chance(0.5) ? [bytes, nasty] : [nasty, bytes]).subarray(0, 65_535);
}

function mutateRaw(random: Random, bytes: Buffer): Buffer {
  const roll = random.next();
  if (roll < 0.2) return Buffer.alloc(bytes.length, 0);
  if (roll < 0.4) return Buffer.alloc(bytes.length, 0xff);
  if (roll < 0.5) return Buffer.concat([bytes, Buffer.from([random.between(0, 255)])]);
  return mutateBytes(random, bytes);
}

function mutateBytes(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  const at = random.chance(0.5)
    ? random.between(0, Math.min(bytes.length, 16) - 1)
    : random.between(0, bytes.length - 1);
  const changed = Buffer.from(bytes);
  switch (random.between(0, 4)) {
    case 0:
      changed[at] = (changed[at] as number) ^ (1 << random.between(0, 7));
      return changed;
    case 1:
      changed[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.between(0, 255)]);
      return changed;
    case 2:
      return changed.subarray(0, at);
    case 3:
      return Buffer.concat([changed.subarray(0, at), changed.subarray(at + random.between(1, 4))]);
    default: {
      const more = Buffer.from(Array.from({ length: random.between(1, 8) }, () => random.between(0, 255)));
      return Buffer.concat([changed.subarray(0, at), more, changed.subarray(at)]);
    }
  }
}
