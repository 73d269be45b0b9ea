import { isValidTopic } from '@perch/policy';
import { z } from 'zod';
import { line, text } from '../http/fields.js';
import { allAlgorithms } from './authenticators/jwt/algorithms.js';

const LONGEST_SECRET = 16_384;

/** A secret goes in and never comes out. Without a value the one that is kept stays. */
export const Secret = z
  .strictObject({
    isSet: z.boolean().optional().describe('In an answer: whether there is one.'),
    value: z.string().min(1).max(LONGEST_SECRET).optional().describe('Never in an answer. Left out: as it is kept.'),
  })
  .meta({ id: 'Secret' });

const base = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -'),
  enabled: z.boolean().default(true),
};

const labels = z.array(line(64).min(1)).max(64).default([]);
const claim = line(256).min(1);
const claimOrNot = claim.nullable();

/** An address that is asked: no other protocol, and no credentials that a log would show. */
export const hookUrl = z
  .string()
  .max(2048)
  .refine(isHookUrl, 'must be a URL that begins with http:// or https://, without a user name or password in it');

const hook = {
  url: hookUrl,
  headers: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'is no header name'),
        value: Secret,
      }),
    )
    .max(16)
    .default([])
    .describe('Sent with every request. A value never leaves the server again.'),
  timeoutMs: z.int().min(100).max(9_000).default(3_000),
  concurrency: z.int().min(1).max(256).default(16).describe('Requests at a time.'),
  waiting: z
    .int()
    .min(0)
    .max(10_000)
    .default(256)
    .describe('Clients that wait for their turn; further ones are refused.'),
  cacheSeconds: z.int().min(0).max(86_400).default(60).describe('How long an answer counts; 0: never twice.'),
};

const dialect = z.enum(['json', 'form']).default('json');

const JwtKey = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('secret'), secret: Secret, encoding: z.enum(['text', 'base64']).default('text') }),
  z.strictObject({ kind: z.literal('pem'), pem: text(LONGEST_SECRET).min(1) }),
  z.strictObject({
    kind: z.literal('jwks'),
    url: hookUrl,
    refreshSeconds: z
      .int()
      .min(10)
      .max(86_400)
      .default(300)
      .describe('How long the keys count before they are read again.'),
    staleSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(3_600)
      .describe('How much longer they count while they cannot be read.'),
    timeoutMs: z.int().min(100).max(9_000).default(3_000),
  }),
]);

export const UsersAuthenticator = z
  .strictObject({ ...base, kind: z.literal('users') })
  .meta({ id: 'UsersAuthenticator' });

export const CertificateAuthenticator = z
  .strictObject({
    ...base,
    kind: z.literal('certificate'),
    requireUser: z.boolean().default(true).describe('The name has to be a user too, and comes in on its terms.'),
    labels,
  })
  .meta({ id: 'CertificateAuthenticator' });

export const AnonymousAuthenticator = z
  .strictObject({
    ...base,
    kind: z.literal('anonymous'),
    allow: z
      .enum(['configured', 'yes', 'no'])
      .default('configured')
      .describe(
        '`configured`: as the setting allowAnonymous says. What a listener settles by itself holds in any case.',
      ),
    labels,
  })
  .meta({ id: 'AnonymousAuthenticator' });

export const JwtAuthenticator = z
  .strictObject({
    ...base,
    kind: z.literal('jwt'),
    from: z.enum(['password', 'username']).default('password').describe('Where the token is.'),
    algorithms: z.array(z.enum(allAlgorithms)).min(1),
    key: JwtKey,
    issuer: line(1024).min(1).nullable().default(null).describe('Tokens of others are left to the next authenticator.'),
    audiences: z
      .array(line(1024).min(1))
      .max(16)
      .default([])
      .describe('One of them has to be named; none: any may be.'),
    leewaySeconds: z.int().min(0).max(300).default(30),
    requireExpiry: z.boolean().default(true),
    usernameClaim: claim.default('sub'),
    mustMatchUsername: z
      .boolean()
      .default(true)
      .describe('A user name that is given beside the token has to be the same.'),
    clientIdClaim: claimOrNot.default(null).describe('Has to be the client id; null: any client id may use the token.'),
    labelsClaim: claimOrNot.default(null),
    aclClaim: claimOrNot.default('acl'),
  })
  .meta({ id: 'JwtAuthenticator' });

export const HttpAuthenticator = z
  .strictObject({ ...base, kind: z.literal('http'), dialect, ...hook })
  .meta({ id: 'HttpAuthenticator' });

export const AuthenticatorSettings = z.discriminatedUnion('kind', [
  UsersAuthenticator,
  CertificateAuthenticator,
  AnonymousAuthenticator,
  JwtAuthenticator,
  HttpAuthenticator,
]);

export const PolicyAuthorizer = z.strictObject({ ...base, kind: z.literal('policy') }).meta({ id: 'PolicyAuthorizer' });

export const OwnRulesAuthorizer = z
  .strictObject({ ...base, kind: z.literal('own-rules') })
  .meta({ id: 'OwnRulesAuthorizer' });

export const HttpAuthorizer = z
  .strictObject({
    ...base,
    kind: z.literal('http'),
    dialect: z.enum(['json', 'form', 'flywheel']).default('json'),
    prefixes: z
      .array(line(1024).refine(isPrefix, 'must be levels of a topic without + or #, and without a / at its end'))
      .max(64)
      .default([])
      .describe('Asked about topics at and below these, and filters that reach there; none: about all topics.'),
    actions: z
      .array(z.enum(['publish', 'subscribe']))
      .min(1)
      .max(2)
      .default(['publish', 'subscribe'])
      .describe('Asked about these only.'),
    digits: z
      .enum(['sub-pub', 'pub-sub'])
      .default('sub-pub')
      .describe('What `access` 1 and 2 mean in the form dialect.'),
    ...hook,
  })
  .meta({ id: 'HttpAuthorizer' });

export const AuthorizerSettings = z.discriminatedUnion('kind', [PolicyAuthorizer, OwnRulesAuthorizer, HttpAuthorizer]);

/** Who may come in, and who is asked what a client may do: each in the order in which they are asked. */
export const AccessSettings = z.strictObject({
  authenticators: z.array(AuthenticatorSettings).max(16),
  authorizers: z.array(AuthorizerSettings).max(18),
});

export type Secret = z.infer<typeof Secret>;
export type AccessSettings = z.infer<typeof AccessSettings>;
export type AuthenticatorSettings = z.infer<typeof AuthenticatorSettings>;
export type AuthorizerSettings = z.infer<typeof AuthorizerSettings>;
export type JwtSettings = z.infer<typeof JwtAuthenticator>;
export type JwtKeySettings = JwtSettings['key'];
export type HookSettings = Omit<z.infer<typeof HttpAuthenticator>, 'kind' | 'enabled'>;
export type HttpAuthorizerSettings = z.infer<typeof HttpAuthorizer>;

/** As every server begins, and as it always was: certificates, users, and who shows nothing where that is allowed. */
export const usualAccessSettings: AccessSettings = {
  authenticators: [
    { id: 'certificate', kind: 'certificate', enabled: true, requireUser: true, labels: [] },
    { id: 'users', kind: 'users', enabled: true },
    { id: 'anonymous', kind: 'anonymous', enabled: true, allow: 'configured', labels: [] },
  ],
  authorizers: [
    { id: 'own-rules', kind: 'own-rules', enabled: true },
    { id: 'policy', kind: 'policy', enabled: true },
  ],
};

function isPrefix(value: string): boolean {
  return isValidTopic(value) && !value.endsWith('/');
}

function isHookUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
