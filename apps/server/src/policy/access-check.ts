import type { FieldError } from '../http/problem.js';
import type { AccessSettings, AuthenticatorSettings, JwtSettings } from './access-settings.schema.js';
import { algorithmsOf, type Algorithm, publicAlgorithms, secretAlgorithms } from './authenticators/jwt/algorithms.js';
import { readPem, readSecret } from './authenticators/jwt/static-key.js';

/** Of these there is one at most: a second would never be asked. */
const single: ReadonlySet<string> = new Set(['users', 'certificate', 'anonymous']);

/** Everything in the settings that does not fit together, at the field that has to change. Secrets have their values. */
export function accessProblems({ authenticators, authorizers }: AccessSettings): FieldError[] {
  return [
    ...repeated(
      authenticators,
      (index) => `authenticators.${index}.id`,
      ({ id }) => id,
    ),
    ...repeated(
      authenticators,
      (index) => `authenticators.${index}.kind`,
      ({ kind }) => (single.has(kind) ? kind : null),
    ),
    ...authenticators.flatMap((settings, index) => authenticatorProblems(settings, `authenticators.${index}`)),
    ...authorizerProblems(authorizers),
  ];
}

/** What is wrong with the key of a JWT authenticator. */
export function keyProblems({ key, algorithms }: JwtSettings, path: string): FieldError[] {
  if (key.kind === 'jwks') return unfit(algorithms, publicAlgorithms, path);
  const reading = key.kind === 'pem' ? readPem(key.pem) : readSecret(key.secret.value ?? '', key.encoding);
  if ('problem' in reading) return [{ path: `${path}.key.${key.kind}`, message: reading.problem }];
  const fitting = reading.key instanceof Uint8Array ? secretAlgorithms : algorithmsOf(reading.key);
  return unfit(algorithms, fitting, path);
}

function authenticatorProblems(settings: AuthenticatorSettings, path: string): FieldError[] {
  return settings.kind === 'jwt' ? keyProblems(settings, path) : [];
}

function unfit(algorithms: readonly Algorithm[], fitting: readonly Algorithm[], path: string): FieldError[] {
  const wrong = algorithms.filter((name) => !fitting.includes(name));
  if (wrong.length === 0) return [];
  const known = fitting.length === 0 ? 'none that is known' : fitting.join(', ');
  return [{ path: `${path}.algorithms`, message: `${wrong.join(', ')} does not fit the key, which takes ${known}` }];
}

function authorizerProblems(authorizers: AccessSettings['authorizers']): FieldError[] {
  const kinds = authorizers.map(({ kind }) => kind);
  const problems = [
    ...repeated(
      authorizers,
      (index) => `authorizers.${index}.id`,
      ({ id }) => id,
    ),
    ...repeated(
      authorizers,
      (index) => `authorizers.${index}.kind`,
      ({ kind }) => (kind === 'http' ? null : kind),
    ),
  ];
  const policyAt = kinds.indexOf('policy');
  if (policyAt < 0) problems.push({ path: 'authorizers', message: 'must hold the policy' });
  else if (!authorizers[policyAt]?.enabled) {
    problems.push({ path: `authorizers.${policyAt}.enabled`, message: 'The policy is always asked' });
  }
  const lastRules = kinds.findLastIndex((kind) => kind !== 'http');
  const early = kinds.flatMap((kind, index) => (kind === 'http' && index < lastRules ? [index] : []));
  const message = 'must stand behind the rules: it is asked what they do not decide';
  return [...problems, ...early.map((index) => ({ path: `authorizers.${index}`, message }))];
}

function repeated<Item>(
  items: readonly Item[],
  pathOf: (index: number) => string,
  keyOf: (item: Item) => string | null,
): FieldError[] {
  const keys = items.map(keyOf);
  return keys.flatMap((key, index) => {
    const isRepeated = key !== null && keys.indexOf(key) < index;
    return isRepeated ? [{ path: pathOf(index), message: `${key} is there already` }] : [];
  });
}
