import { createHmac, createHash, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decoyScramKeys, deriveScramKeys, formatScramKeys, parseScramKeys, type ScramKeys } from './scram-keys.js';
import { ScramServer } from './scram-server.js';

const NONCE = 'rOprNGfwEbeRWgbNEkqO';
const SERVER_NONCE = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
const FIRST = `n,,n=user,r=${NONCE}`;
const FINAL = `c=biws,r=${NONCE}${SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`;

let keys: ScramKeys;
beforeAll(async () => {
  keys = await deriveScramKeys('pencil', 4096, SALT);
});

const aServer = () => new ScramServer(() => SERVER_NONCE);
const say = (text: string) => Buffer.from(text);

/** The last message of a client that knows the password, in whatever words. */
function proven(first: string, serverFirst: string, withoutProof: string): Buffer {
  const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const clientKey = mac(pbkdf2Sync('pencil', SALT, 4096, 32, 'sha256'), 'Client Key');
  const bare = first.replace(/^[^,]*,[^,]*,/, '');
  const signature = mac(createHash('sha256').update(clientKey).digest(), `${bare},${serverFirst},${withoutProof}`);
  return say(`${withoutProof},p=${Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64')}`);
}

/** Goes through an exchange whose client-final-message is made from what the server said. */
function converse(first: string, last: (nonce: string) => string): string | undefined {
  const server = aServer();
  if (!server.first(say(first))) return 'refused';
  const serverFirst = server.challenge(keys).toString();
  const nonce = /^r=([^,]*)/.exec(serverFirst)?.[1] ?? '';
  return server.final(proven(first, serverFirst, last(nonce)))?.toString();
}

describe('SCRAM-SHA-256', () => {
  test('goes as in the example of RFC 7677 section 3', () => {
    const server = aServer();
    expect(server.first(say(FIRST))).toMatchObject({ username: 'user', authorizationId: null, nonce: NONCE });
    expect(server.challenge(keys).toString()).toBe(`r=${NONCE}${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    expect(server.final(say(FINAL))?.toString()).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  test('every exchange has a nonce of its own', () => {
    const nonces = [1, 2].map(() => {
      const server = new ScramServer();
      server.first(say(FIRST));
      return server.challenge(keys).toString().split(',')[0];
    });
    expect(nonces[0]).toMatch(new RegExp(`^r=${NONCE}[A-Za-z0-9+/]{24}$`));
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test('a proof is good once, and for its own exchange', () => {
    const server = aServer();
    server.first(say(FIRST));
    server.challenge(keys);
    expect(server.final(say(FINAL))).not.toBeNull();
    expect(server.final(say(FINAL))).toBeNull();
    const other = new ScramServer();
    other.first(say(FIRST));
    other.challenge(keys);
    expect(other.final(say(FINAL))).toBeNull();
  });

  test('nothing is proven before the challenge, nor by saying who one is twice', () => {
    const server = aServer();
    expect(server.final(say(FINAL))).toBeNull();
    server.first(say(FIRST));
    expect(server.final(say(FINAL))).toBeNull();
    expect(server.first(say(FIRST))).toBeNull();
  });

  test('one wrong bit of the proof is a wrong proof', () => {
    for (const bit of [0, 100, 255]) {
      const server = aServer();
      server.first(say(FIRST));
      server.challenge(keys);
      const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');
      proof[bit >> 3]! ^= 1 << (bit & 7);
      expect(server.final(say(FINAL.replace(/p=.*/, `p=${proof.toString('base64')}`)))).toBeNull();
    }
  });

  test('a client that could bind channels but was not offered to comes in; what it said must be what it says', () => {
    expect(converse(`y,,n=user,r=${NONCE}`, (nonce) => `c=eSws,r=${nonce}`)).toMatch(/^v=/);
    expect(converse(`y,,n=user,r=${NONCE}`, (nonce) => `c=biws,r=${nonce}`)).toBeUndefined();
    expect(converse(FIRST, (nonce) => `c=eSws,r=${nonce}`)).toBeUndefined();
  });

  test('optional extensions are signed and otherwise ignored', () => {
    expect(converse(`${FIRST},x=1,Z=a=b`, (nonce) => `c=biws,r=${nonce},y=ß`)).toMatch(/^v=/);
  });

  test('a nonce that is not the one agreed on is refused although the proof holds', () => {
    expect(converse(FIRST, (nonce) => `c=biws,r=${nonce}x`)).toBeUndefined();
    expect(converse(FIRST, () => `c=biws,r=${NONCE}`)).toBeUndefined();
  });
});

describe('the first message', () => {
  test.each([
    ['n,,n=a=2Cb=3Dc,r=x', 'a,b=c'],
    ['n,a=other,n=user,r=x', 'user'],
    ['n,,n=u\u00adser,r=x', 'user'],
    ['n,,n=\u2168,r=x', 'IX'],
  ])('%j names %j', (text, username) => {
    expect(aServer().first(say(text))?.username).toBe(username);
  });

  test('says on whose behalf', () => {
    expect(aServer().first(say('n,a=other,n=user,r=x'))?.authorizationId).toBe('other');
  });

  test.each([
    ['', 'nothing'],
    ['p=tls-unique,,n=user,r=x', 'channel binding, which is not on offer'],
    ['x,,n=user,r=x', 'no flag'],
    ['n,n=user,r=x', 'half a header'],
    ['n,,n=,r=x', 'no name'],
    ['n,,n=a=2cb,r=x', 'a lower-case escape'],
    ['n,,n=a=,r=x', 'half an escape'],
    ['n,,n=user', 'no nonce'],
    ['n,,n=user,r=', 'an empty nonce'],
    ['n,,n=user,r=a b', 'a space in the nonce'],
    ['n,,r=x,n=user', 'the wrong order'],
    ['n,,m=must,n=user,r=x', 'an extension that must be understood'],
    ['n,,n=user,r=x,m=must', 'the same at the end'],
    ['n,,n=user,r=x,', 'a comma too many'],
    ['n,,n=user,r=x,xx=1', 'no attribute'],
    ['n,,n=user,r=x,x=', 'an empty attribute'],
    ['n,,n=us\0er,r=x', 'NUL'],
    ['n,,n=us\u0007er,r=x', 'a control'],
    [`n,,n=user,r=${'x'.repeat(5000)}`, 'too much'],
    ['\ufeffn,,n=user,r=x', 'a byte order mark'],
  ])('%j is refused: %s', (text) => {
    expect(aServer().first(say(text))).toBeNull();
  });

  test('what is no UTF-8 is refused', () => {
    expect(aServer().first(Buffer.concat([say('n,,n='), Buffer.from([0xff]), say(',r=x')]))).toBeNull();
  });
});

test.each([
  ['c=biws', 'nothing else'],
  [FINAL.replace('c=biws', 'c=b'), 'no base64'],
  [FINAL.replace(/p=.*/, 'p=AAAA'), 'a short proof'],
  [FINAL.replace(/,p=.*/, ''), 'no proof'],
  [`${FINAL},x=1`, 'something after the proof'],
  [`${FINAL}\n`, 'a line end'],
  [FINAL.replace(',p=', ',p=AAAA,p='), 'two proofs'],
  [FINAL.replace(',p=', ',m=must,p='), 'an extension that must be understood'],
])('the last message %j is refused: %s', (text) => {
  const server = aServer();
  server.first(say(FIRST));
  server.challenge(keys);
  expect(server.final(say(text))).toBeNull();
});

describe('keys', () => {
  test('are kept as Postgres writes them and read back', () => {
    const text = formatScramKeys(keys);
    expect(text).toMatch(/^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$[\w+/=]{44}:[\w+/=]{44}$/);
    expect(parseScramKeys(text)).toEqual(keys);
  });

  test.each([null, '', 'md5abc', 'SCRAM-SHA-256$4096:c2FsdA==$YQ==:YQ=='])('%j holds none', (text) => {
    expect(parseScramKeys(text)).toBeNull();
  });

  test('have a salt of their own each time', async () => {
    const [a, b] = await Promise.all([deriveScramKeys('x', 4096), deriveScramKeys('x', 4096)]);
    expect(a.salt.equals(b.salt)).toBe(false);
    expect(a.storedKey.equals(b.storedKey)).toBe(false);
  });

  test('are the same for a password however it was typed, and for bytes that are no text as they are', async () => {
    const typed = await deriveScramKeys('pa\u00adss\u2168', 4096, SALT);
    expect(typed).toEqual(await deriveScramKeys(Buffer.from('passIX'), 4096, SALT));
    const binary = await deriveScramKeys(Buffer.from([0xff, 0xfe]), 4096, SALT);
    expect(binary).not.toEqual(await deriveScramKeys('\ufffd\ufffd', 4096, SALT));
  });

  test('of nobody are the same for a name, others for another, and fit no password', () => {
    const secret = Buffer.alloc(32, 7);
    const decoy = decoyScramKeys(secret, 'nobody', 4096);
    expect(decoyScramKeys(secret, 'nobody', 4096)).toEqual(decoy);
    expect(decoyScramKeys(secret, 'somebody', 4096).salt).not.toEqual(decoy.salt);
    expect(decoyScramKeys(Buffer.alloc(32, 8), 'nobody', 4096).salt).not.toEqual(decoy.salt);
    expect(decoy.salt).toHaveLength(SALT.length);
  });
});

test('whatever else a client sends is refused, and throws nothing', () => {
  const mangled = (text: string) =>
    fc.tuple(fc.nat(text.length), fc.nat(4), fc.uint8Array({ maxLength: 4 })).map(([at, length, bytes]) => {
      const sane = say(text);
      return Buffer.concat([sane.subarray(0, at), bytes, sane.subarray(at + length)]);
    });
  const anything = (text: string) =>
    fc.oneof(
      mangled(text),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
  fc.assert(
    fc.property(anything(FIRST), anything(FINAL), (first, final) => {
      const server = aServer();
      const said = server.first(first);
      if (said) server.challenge(keys);
      const isHonest = first.equals(say(FIRST)) && final.equals(say(FINAL));
      expect(server.final(final) !== null).toBe(isHonest);
    }),
    { numRuns: 2000 },
  );
});
