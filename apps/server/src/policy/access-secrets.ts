import type { FieldError } from '../http/problem.js';
import type { AccessSettings, Secret } from './access-settings.schema.js';

type Member = AccessSettings['authenticators'][number] | AccessSettings['authorizers'][number];

/** A secret of a member: where it stands, and where it is sent, null where it is sent nowhere. */
interface Place {
  readonly path: string;
  readonly key: string;
  readonly secret: Secret;
  readonly origin: string | null;
}

/** Settings whose secrets all have their values, and those that have none. */
export interface CompleteSettings {
  readonly settings: AccessSettings;
  readonly problems: readonly FieldError[];
}

/** The draft with the secrets that it leaves as they are kept. None is ever sent to another server than it was set for. */
export function withKeptSecrets(draft: AccessSettings, kept: AccessSettings): CompleteSettings {
  const problems: FieldError[] = [];
  const known = new Map(placesIn(kept).map((place) => [place.key, place]));
  const values = new Map<string, string>();
  for (const { path, key, secret, origin } of placesIn(draft)) {
    const former = known.get(key);
    if (secret.value !== undefined) values.set(path, secret.value);
    else if (former?.secret.value === undefined) problems.push({ path, message: 'is missing' });
    else if (former.origin !== origin) {
      problems.push({ path, message: `was set for ${former.origin}; set it again for ${origin}` });
    } else values.set(path, former.secret.value);
  }
  const settings = mapSecrets(draft, (_secret, path) => ({ isSet: true, value: values.get(path) }));
  return { settings, problems };
}

/** Where the draft brings a secret of its own. */
export function replacedSecrets(draft: AccessSettings): string[] {
  return placesIn(draft).flatMap(({ path, secret }) => (secret.value === undefined ? [] : [path]));
}

/** What may be shown to anybody who may read settings. */
export function withoutSecrets(settings: AccessSettings): AccessSettings {
  return mapSecrets(settings, () => ({ isSet: true }));
}

function placesIn(settings: AccessSettings): Place[] {
  const places: Place[] = [];
  const lists = { authenticators: settings.authenticators, authorizers: settings.authorizers };
  for (const [list, members] of Object.entries(lists)) {
    for (const [index, member] of members.entries()) {
      for (const { at, name, secret } of secretsOf(member)) {
        const origin = 'url' in member ? new URL(member.url).origin : null;
        places.push({ path: `${list}.${index}.${at}`, key: `${list} ${member.id} ${name}`, secret, origin });
      }
    }
  }
  return places;
}

function secretsOf(member: Member): { at: string; name: string; secret: Secret }[] {
  if (member.kind === 'jwt' && member.key.kind === 'secret') {
    return [{ at: 'key.secret', name: 'key', secret: member.key.secret }];
  }
  if (member.kind !== 'http') return [];
  return member.headers.map(({ name, value }, index) => ({
    at: `headers.${index}.value`,
    name: `header ${name.toLowerCase()}`,
    secret: value,
  }));
}

function mapSecrets(settings: AccessSettings, change: (secret: Secret, path: string) => Secret): AccessSettings {
  const { authenticators, authorizers } = settings;
  return {
    authenticators: authenticators.map((member, index) => mapMember(member, `authenticators.${index}`, change)),
    authorizers: authorizers.map((member, index) => mapMember(member, `authorizers.${index}`, change)),
  };
}

function mapMember<One extends Member>(
  member: One,
  path: string,
  change: (secret: Secret, path: string) => Secret,
): One {
  if (member.kind === 'jwt' && member.key.kind === 'secret') {
    return { ...member, key: { ...member.key, secret: change(member.key.secret, `${path}.key.secret`) } };
  }
  if (member.kind !== 'http') return member;
  const headers = member.headers.map(({ name, value }, index) => ({
    name,
    value: change(value, `${path}.headers.${index}.value`),
  }));
  return { ...member, headers };
}
