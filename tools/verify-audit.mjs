#!/usr/bin/env node
// Verifies an exported audit log (NDJSON, as the server writes it: newest first, unfiltered) without the server.
// Stands alone on purpose: who checks a log must be able to read the whole check. docs/administration.md says how.
//
//   node verify-audit.mjs audit.ndjson [--head HASH] [--from HASH]
//
//   --head  the last hash, as it was noted elsewhere: nothing was taken off the end
//   --from  the hash that the oldest entry follows; left out: the log begins with it, or that is not known
//
// Exit code 0: intact. 1: it was changed. 2: it cannot be read.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const GENESIS = '0'.repeat(64);
const HASH = /^[0-9a-f]{64}$/;
const fields = ['at', 'operator', 'action', 'object', 'result', 'address', 'requestId', 'before', 'after', 'reason'];

process.exitCode = await main();

async function main() {
  const { file, head, from } = readArguments();
  if (file === undefined) return say(2, 'usage: node verify-audit.mjs audit.ndjson [--head HASH] [--from HASH]');
  try {
    return await verify(file, { head, from });
  } catch (error) {
    return say(2, `${file} cannot be read: ${error.message}`);
  }
}

async function verify(file, { head, from }) {
  let newer = null;
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line === '') continue;
    const entry = JSON.parse(line);
    count++;
    if (!HASH.test(entry.hash ?? '')) return say(1, `BROKEN: entry ${entry.id} of ${entry.at} has no hash.`);
    if (newer === null && head !== undefined && entry.hash !== head) {
      return say(1, `BROKEN: the last entry, ${entry.id} of ${entry.at}, has not the hash that was noted.`);
    }
    if (newer !== null && !follows(newer, entry.hash)) return say(1, brokenAt(newer));
    newer = entry;
  }
  if (newer === null) return say(2, 'The file holds no entry.');
  if (from !== undefined && !follows(newer, from)) return say(1, brokenAt(newer));
  const beginning =
    from !== undefined || follows(newer, GENESIS)
      ? 'from its beginning on'
      : `from entry ${newer.id} on; what that follows is not in the file (--from HASH checks it)`;
  return say(0, `Intact: ${count} entries, ${beginning}.`);
}

/** Whether the entry carries the SHA-256 over this hash and itself. */
function follows(entry, previous) {
  const text = JSON.stringify(fields.map((field) => sorted(entry[field] ?? null)));
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(text).digest('hex') === entry.hash;
}

/** The keys of objects in one order: an object is the list of its pairs. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
}

function brokenAt({ id, at }) {
  return `BROKEN at entry ${id} of ${at}: it was changed, or the one before it was changed or removed.`;
}

function readArguments() {
  try {
    const options = { head: { type: 'string' }, from: { type: 'string' } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const hashes = [values.head, values.from].filter((hash) => hash !== undefined);
    return hashes.every((hash) => HASH.test(hash)) ? { file: positionals[0], ...values } : {};
  } catch {
    return {};
  }
}

function say(code, text) {
  console.log(text);
  return code;
}
