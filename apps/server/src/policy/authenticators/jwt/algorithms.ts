import type { KeyObject } from 'node:crypto';

/** Signatures by a secret that both sides know. */
export const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;

/** Signatures that a public key proves. */
export const publicAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

export const allAlgorithms = [...secretAlgorithms, ...publicAlgorithms] as const;

export type Algorithm = (typeof allAlgorithms)[number];

const curves: Readonly<Record<string, Algorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

/** What a public key can prove; nothing for a key that no algorithm here takes. */
export function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly Algorithm[] {
  if (asymmetricKeyType === 'rsa') return publicAlgorithms.filter((name) => /^[RP]S/.test(name));
  if (asymmetricKeyType === 'ed25519') return ['EdDSA'];
  const curve = asymmetricKeyType === 'ec' ? curves[asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
  return curve ? [curve] : [];
}
