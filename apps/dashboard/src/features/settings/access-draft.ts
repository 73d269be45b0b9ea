import type { AccessDoc, HttpAuthorizer, JwtAuthenticator } from '../../shared/api/generated/types.gen.js';

export type Authenticator = AccessDoc['authenticators'][number];
export type Authorizer = AccessDoc['authorizers'][number];
export type Member = Authenticator | Authorizer;
export type JwtKey = JwtAuthenticator['key'];

/** The two lists that the page edits. */
export interface AccessContent {
  readonly authenticators: readonly Authenticator[];
  readonly authorizers: readonly Authorizer[];
}

/** The kinds of which there is one at most. */
const single: readonly Authenticator['kind'][] = ['users', 'certificate', 'anonymous'];

const kinds: readonly Authenticator['kind'][] = ['users', 'certificate', 'jwt', 'http', 'anonymous'];

/** What the page edits of what is saved. */
export function contentOf({ authenticators, authorizers }: AccessDoc): AccessContent {
  return { authenticators, authorizers };
}

/** Whether there is nothing to save. */
export function isSameContent(a: AccessContent, b: AccessContent): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The list with one member at another place. */
export function moved<One>(list: readonly One[], from: number, to: number): readonly One[] {
  const one = list[from];
  if (one === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, one);
}

/** The kinds that can still be added. */
export function addableKinds(list: readonly Authenticator[]): readonly Authenticator['kind'][] {
  return kinds.filter((kind) => !single.includes(kind) || !list.some((member) => member.kind === kind));
}

/** A member of this kind as it begins, with a name that no other has. */
export function newAuthenticator(kind: Authenticator['kind'], list: readonly Authenticator[]): Authenticator {
  const id = freeId(kind, list);
  const base = { id, enabled: true };
  switch (kind) {
    case 'users':
      return { ...base, kind };
    case 'certificate':
      return { ...base, kind, requireUser: true, labels: [] };
    case 'anonymous':
      return { ...base, kind, allow: 'configured', labels: [] };
    case 'http':
      return { ...base, kind, dialect: 'json', ...newHook };
    case 'jwt':
      return { ...base, kind, ...newJwt };
  }
}

/** A hook that is asked what no rule decides, as it begins, with a name that no other has. */
export function newHookAuthorizer(list: readonly Authorizer[]): HttpAuthorizer {
  const base = { id: freeId('http', list), enabled: true, kind: 'http', dialect: 'json', digits: 'sub-pub' } as const;
  return { ...base, prefixes: [], actions: ['publish', 'subscribe'], ...newHook };
}

/** Where a new member goes: tokens before users, who would hash each of them; anonymous clients last. */
export function withNew(list: readonly Authenticator[], member: Authenticator): readonly Authenticator[] {
  const before = { jwt: ['users', 'http', 'anonymous'], http: ['anonymous'] }[member.kind as string] ?? [];
  const at = list.findIndex(({ kind }) => before.includes(kind));
  return at < 0 ? [...list, member] : list.toSpliced(at, 0, member);
}

/** The algorithms that go with each sort of key, the usual ones first. */
export const algorithmsFor: Readonly<Record<JwtKey['kind'], JwtAuthenticator['algorithms']>> = {
  secret: ['HS256', 'HS384', 'HS512'],
  pem: ['RS256', 'ES256', 'EdDSA', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES384', 'ES512'],
  jwks: ['RS256', 'ES256', 'EdDSA', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES384', 'ES512'],
};

/** A key of this sort as it begins. */
export function newKey(kind: JwtKey['kind']): JwtKey {
  if (kind === 'secret') return { kind, secret: {}, encoding: 'text' };
  return kind === 'pem'
    ? { kind, pem: '' }
    : { kind, url: '', refreshSeconds: 300, staleSeconds: 3_600, timeoutMs: 3_000 };
}

/** The lists as text, with a new secret told from a kept one, and none of them shown. */
export function describe(content: AccessContent): Record<string, unknown> {
  const hide = (key: string, value: unknown) =>
    key === 'secret' || key === 'value'
      ? (value as { value?: string }).value === undefined
        ? 'kept'
        : 'replaced'
      : value;
  return JSON.parse(JSON.stringify(content, hide)) as Record<string, unknown>;
}

const newHook = { url: '', headers: [], timeoutMs: 3_000, concurrency: 16, waiting: 256, cacheSeconds: 60 };

const newJwt: Omit<JwtAuthenticator, 'id' | 'enabled' | 'kind'> = {
  from: 'password',
  algorithms: ['RS256'],
  key: { kind: 'jwks', url: '', refreshSeconds: 300, staleSeconds: 3_600, timeoutMs: 3_000 },
  issuer: null,
  audiences: [],
  leewaySeconds: 30,
  requireExpiry: true,
  usernameClaim: 'sub',
  mustMatchUsername: true,
  clientIdClaim: null,
  labelsClaim: null,
  aclClaim: 'acl',
};

function freeId(kind: string, list: readonly Member[]): string {
  const taken = new Set(list.map(({ id }) => id));
  if (!taken.has(kind)) return kind;
  let n = 2;
  while (taken.has(`${kind}-${n}`)) n += 1;
  return `${kind}-${n}`;
}
