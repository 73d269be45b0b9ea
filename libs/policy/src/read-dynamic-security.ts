import { isValidFilter } from './filter.js';
import type { ImportError } from './import-analysis.js';

/** What an ACL of a role speaks of. */
export type DynsecAclKind = 'send' | 'receive' | 'literal' | 'pattern' | 'unsubscribe';

/** One ACL of a role. */
export interface DynsecAcl {
  readonly kind: DynsecAclKind;
  readonly topic: string;
  readonly allow: boolean;
  readonly path: string;
}

/** A role, its ACLs in the order in which Mosquitto asks them. */
export interface DynsecRole {
  readonly name: string;
  readonly acls: readonly DynsecAcl[];
}

/** A client, with its roles and the groups' in the order in which Mosquitto asks them. */
export interface DynsecClient {
  readonly username: string;
  readonly passwordHash: string | null;
  readonly disabled: boolean;
  readonly clientId: string | null;
  readonly note: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly path: string;
}

/** A dynamic-security.json, checked. */
export interface Dynsec {
  readonly defaults: Readonly<Record<'send' | 'receive' | 'subscribe' | 'unsubscribe', boolean>>;
  readonly roles: readonly DynsecRole[];
  readonly clients: readonly DynsecClient[];
  readonly groups: readonly { readonly name: string; readonly roles: readonly string[] }[];
  /** The roles of clients without a user name. */
  readonly anonymous: readonly string[];
  readonly errors: readonly ImportError[];
}

/** Reads the file of Mosquitto's dynamic security plugin and reports every error with its place. */
export function readDynamicSecurity(text: string): Dynsec {
  const reader = new Reader();
  const root = reader.parse(text);
  const access = reader.object(root['defaultACLAccess'] ?? {}, 'defaultACLAccess');
  const isAllowed = (key: string) => access[key] === true;
  const roles = reader.list(root, 'roles', '').map(([role, path]) => readRole(reader, role, path));
  const groups = reader.list(root, 'groups', '').map(([group, path]) => readGroup(reader, group, { path, roles }));
  const clients = reader
    .list(root, 'clients', '')
    .map(([client, path]) => readClient(reader, client, { path, roles, groups }));
  reader.unique(
    roles.map(({ name }) => name),
    'roles',
  );
  reader.unique(
    groups.map(({ name }) => name),
    'groups',
  );
  reader.unique(
    clients.map(({ username }) => username),
    'clients',
  );
  const anonymous = root['anonymousGroup'];
  const ofNobody = groups.find(({ name }) => name === anonymous);
  if (anonymous !== undefined && ofNobody === undefined) reader.fail('anonymousGroup', 'There is no such group.');
  return {
    defaults: {
      send: isAllowed('publishClientSend'),
      receive: isAllowed('publishClientReceive'),
      subscribe: isAllowed('subscribe'),
      unsubscribe: isAllowed('unsubscribe'),
    },
    ...{ roles, clients, groups, anonymous: ofNobody?.roles ?? [], errors: reader.errors },
  };
}

type Json = Readonly<Record<string, unknown>>;

/** Reads JSON of unknown shape: what is not there, or not what it should be, is an error and stands for nothing. */
class Reader {
  readonly errors: ImportError[] = [];

  fail(path: string, message: string): void {
    this.errors.push({ line: null, column: null, path, message });
  }

  parse(text: string): Json {
    try {
      return this.object(JSON.parse(text.replace(/^\ufeff/, '')), '');
    } catch (error) {
      this.fail('', `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`);
      return {};
    }
  }

  object(value: unknown, path: string): Json {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
    this.fail(path, 'Expected an object here.');
    return {};
  }

  /** The objects of a list with their paths; a list that is not there is empty. */
  list(parent: Json, key: string, path: string): [Json, string][] {
    const value = parent[key] ?? [];
    const at = path === '' ? key : `${path}.${key}`;
    if (Array.isArray(value))
      return value.map((each, index) => [this.object(each, `${at}[${index}]`), `${at}[${index}]`]);
    this.fail(at, 'Expected a list here.');
    return [];
  }

  text(parent: Json, key: string, path: string): string {
    const value = parent[key];
    if (typeof value === 'string' && value !== '') return value;
    this.fail(`${path}.${key}`, 'Expected a text here.');
    return '';
  }

  unique(names: readonly string[], path: string): void {
    for (const [index, name] of names.entries()) {
      if (name !== '' && names.indexOf(name) < index) this.fail(`${path}[${index}]`, `“${name}” stands here twice.`);
    }
  }
}

const KINDS: ReadonlyMap<string, DynsecAclKind> = new Map([
  ['publishclientsend', 'send'],
  ['publishclientreceive', 'receive'],
  ['subscribeliteral', 'literal'],
  ['subscribepattern', 'pattern'],
  ['unsubscribeliteral', 'unsubscribe'],
  ['unsubscribepattern', 'unsubscribe'],
]);

function readRole(reader: Reader, role: Json, path: string): DynsecRole {
  const acls = reader.list(role, 'acls', path).flatMap(([acl, at]) => {
    const type = reader.text(acl, 'acltype', at);
    const kind = KINDS.get(type.toLowerCase());
    if (type !== '' && kind === undefined) reader.fail(`${at}.acltype`, `“${type}” is no type of ACL.`);
    const topic = reader.text(acl, 'topic', at);
    if (topic !== '' && !isValidFilter(topic)) reader.fail(`${at}.topic`, `“${topic}” is not a topic filter.`);
    const priority = numberOf(acl['priority'], 0);
    return kind === undefined ? [] : [{ kind, topic, allow: acl['allow'] === true, priority, path: at }];
  });
  return { name: reader.text(role, 'rolename', path), acls: acls.sort((a, b) => b.priority - a.priority) };
}

interface Member {
  readonly name: string;
  readonly priority: number;
}

/** Names with priorities, the highest first, and of the same in alphabetical order. */
function inOrder(members: readonly Member[]): string[] {
  return [...members].sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function readRoles(
  reader: Reader,
  owner: Json,
  { path, roles }: { path: string; roles: readonly DynsecRole[] },
): string[] {
  const members = reader.list(owner, 'roles', path).map(([role, at]) => {
    const name = reader.text(role, 'rolename', at);
    if (name !== '' && !roles.some((each) => each.name === name))
      reader.fail(`${at}.rolename`, `There is no role “${name}”.`);
    return { name, priority: numberOf(role['priority'], -1) };
  });
  return inOrder(members);
}

interface Group {
  readonly name: string;
  readonly roles: readonly string[];
  /** By user name. */
  readonly priorities: ReadonlyMap<string, number>;
}

function readGroup(reader: Reader, group: Json, known: { path: string; roles: readonly DynsecRole[] }): Group {
  const { path } = known;
  const members = reader
    .list(group, 'clients', path)
    .map(([client, at]): [string, number] => [reader.text(client, 'username', at), numberOf(client['priority'], -1)]);
  return {
    name: reader.text(group, 'groupname', path),
    roles: readRoles(reader, group, known),
    priorities: new Map(members),
  };
}

function readClient(
  reader: Reader,
  client: Json,
  known: { path: string; roles: readonly DynsecRole[]; groups: readonly Group[] },
): DynsecClient {
  const { path } = known;
  const username = reader.text(client, 'username', path);
  const own = known.groups.filter(({ priorities }) => priorities.has(username));
  const groups = inOrder(own.map(({ name, priorities }) => ({ name, priority: priorities.get(username) ?? -1 })));
  const ofGroups = groups.flatMap((name) => own.find((group) => group.name === name)?.roles ?? []);
  const clientId = client['clientid'];
  return {
    username,
    passwordHash: readHash(reader, client, path),
    disabled: client['disabled'] === true,
    clientId: typeof clientId === 'string' ? clientId : null,
    note: ['textname', 'textdescription']
      .map((key) => client[key])
      .filter((text) => typeof text === 'string')
      .join(': '),
    roles: [...new Set([...readRoles(reader, client, known), ...ofGroups])],
    groups,
    path,
  };
}

/** PBKDF2-SHA512 as mosquitto_passwd writes it. */
function readHash(reader: Reader, client: Json, path: string): string | null {
  const { password, salt, iterations, encoded_password: encoded } = client as Record<string, unknown>;
  if (typeof encoded === 'string') return encoded;
  if (password === undefined) return null;
  const isWhole =
    typeof password === 'string' &&
    /^[A-Za-z0-9+/]{86}==$/.test(password) &&
    typeof salt === 'string' &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(salt);
  if (isWhole && typeof iterations === 'number' && Number.isInteger(iterations) && iterations > 0) {
    return `$7$${iterations}$${salt}$${password}`;
  }
  reader.fail(`${path}.password`, 'The password needs its 64 bytes and its salt in base64, and its iterations.');
  return null;
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
