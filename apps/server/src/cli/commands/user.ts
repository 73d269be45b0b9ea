import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CreatedUser, NewUser, PasswordReset, User, UserPage } from '../../features/users/user.schemas.js';
import { columns, printable } from '../columns.js';
import { type Commands, type ServerTask, several, wholeNumber } from '../command.js';
import { CliError, exitCodes } from '../exit-codes.js';
import { pages } from '../pages.js';
import { readPassword } from '../read-input.js';
import type { RestApi } from '../rest-api.js';
import type { Terminal } from '../terminal.js';
import { userFileCommands } from './user-files.js';

interface ListOptions {
  readonly q?: string;
  readonly state?: string;
  readonly label?: string;
}

interface AddOptions {
  readonly passwordStdin?: true;
  readonly note?: string;
  readonly label?: string[];
  readonly clientId?: string;
  readonly clientIdPrefix?: string;
  readonly address?: string[];
  readonly maxConnections?: number;
  readonly until?: string;
  readonly disabled?: true;
}

interface PasswordOptions {
  readonly passwordStdin?: true;
  readonly keepConnections?: true;
}

/** `perch user …`: the credentials that clients connect with. */
export function userCommands(program: Command, commands: Commands): void {
  const user = program.command('user').description('users: the credentials that devices connect with');
  const list = user.command('list').description('list users by name');
  list.option('--q <text>', 'part of the name or of the note').option('--label <label>', 'with this label');
  list.addOption(new Option('--state <state>').choices(['active', 'disabled', 'expired', 'locked']));
  commands.remote<ListOptions>(list, listUsers);

  const add = user.command('add <username>').description('make a user; its password is generated, or read from stdin');
  add
    .option('--password-stdin', 'read the password from standard input')
    .option('--note <text>')
    .option('--label <label>', 'a label that rules may name; may be repeated', several)
    .option('--client-id <id>', 'the only client id that it may have')
    .option('--client-id-prefix <text>', 'how its client ids have to begin')
    .option('--address <cidr>', 'an address or block that it may come from; may be repeated', several)
    .option('--max-connections <n>', 'connections at a time', wholeNumber)
    .option('--until <time>', 'let in until then, as 2027-01-31 or 2027-01-31T12:00:00Z', moment)
    .option('--disabled', 'not let in yet');
  commands.remote<AddOptions>(add, addUser);

  const passwd = user.command('passwd <username>').description('give a user a new password; its connections end');
  passwd
    .option('--password-stdin', 'read the password from standard input')
    .option('--keep-connections', 'connections that are open go on');
  commands.remote<PasswordOptions>(passwd, changePassword);

  for (const [name, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    const command = user.command(`${name} <username>`);
    command.description(disabled ? 'keep a user out; its connections end' : 'let a user in again');
    commands.remote(command, (task, username = '') => setDisabled(task, username, disabled));
  }
  commands.remote(user.command('delete <username>').description('delete a user; its connections end'), deleteUser);
  userFileCommands(user, commands);
}

async function listUsers({ api, options, print, terminal }: ServerTask<ListOptions>): Promise<void> {
  const { q, state, label } = options;
  const users = await pages<User>(api, 'users', { q, state, label, limit: 500 });
  const rows = users.map((each) => [
    each.username,
    each.state,
    String(each.onlineClients),
    each.lastSeenAt ?? '-',
    each.labels.join(','),
    each.note,
  ]);
  if (rows.length === 0) terminal.note('There is no such user.');
  print(users, columns(['USERNAME', 'STATE', 'ONLINE', 'LAST SEEN', 'LABELS', 'NOTE'], rows));
}

async function addUser({ api, options, terminal, print }: ServerTask<AddOptions>, username = ''): Promise<void> {
  const { note, label, address, maxConnections, until, disabled } = options;
  const password = options.passwordStdin && (await readPassword(terminal));
  const body: Partial<NewUser> = {
    username,
    ...(password === undefined ? {} : { password }),
    note: note ?? '',
    labels: label ?? [],
    addresses: address ?? [],
    connectionLimit: maxConnections ?? null,
    validUntil: until ?? null,
    disabled: disabled ?? false,
    clientIdBinding: bindingOf(options),
  };
  const user = await api.ask<CreatedUser>('POST', 'users', { body });
  print(user, passwordLines(`Made the user ${printable(username)}.`, user.generatedPassword, terminal));
}

async function changePassword(
  { api, options, terminal, print }: ServerTask<PasswordOptions>,
  username = '',
): Promise<void> {
  const password = options.passwordStdin && (await readPassword(terminal));
  const { id } = await findUser(api, username);
  const body = { ...(password === undefined ? {} : { password }), disconnect: !options.keepConnections };
  const reset = await api.ask<PasswordReset>('POST', `users/${id}/password`, { body });
  const told = `Changed the password of ${printable(username)}.`;
  print({ username, ...reset }, passwordLines(told, reset.generatedPassword, terminal));
}

async function setDisabled(
  { api, print, terminal }: ServerTask<unknown>,
  username: string,
  disabled: boolean,
): Promise<void> {
  const { id } = await findUser(api, username);
  const user = await api.ask<User>('PATCH', `users/${id}`, { body: { disabled } });
  terminal.note(`${disabled ? 'Disabled' : 'Enabled'} the user ${printable(username)}.`);
  print(user, []);
}

async function deleteUser({ api, print, terminal }: ServerTask<unknown>, username = ''): Promise<void> {
  const { id } = await findUser(api, username);
  await api.ask('DELETE', `users/${id}`);
  terminal.note(`Deleted the user ${printable(username)}.`);
  print({ username, deleted: true }, []);
}

async function findUser(api: RestApi, username: string): Promise<User> {
  let cursor: string | undefined;
  do {
    const { items, next } = await api.ask<UserPage>('GET', 'users', { query: { q: username, limit: 500, cursor } });
    const found = items.find((user) => user.username === username);
    if (found) return found;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  throw new CliError(`There is no user ${printable(username)}. "perch user list" shows who there is.`, exitCodes.no);
}

/** The password alone goes to standard output, so that it can be piped. */
function passwordLines(told: string, password: string | null, terminal: Terminal): string[] {
  terminal.note(password === null ? told : `${told} This password is shown once:`);
  return password === null ? [] : [password];
}

function bindingOf({ clientId, clientIdPrefix }: AddOptions): NewUser['clientIdBinding'] {
  if (clientId !== undefined && clientIdPrefix !== undefined)
    throw new CliError('Give either --client-id or --client-id-prefix.', exitCodes.usage);
  if (clientId !== undefined) return { kind: 'exact', text: clientId };
  return clientIdPrefix === undefined ? { kind: 'any', text: '' } : { kind: 'prefix', text: clientIdPrefix };
}

function moment(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('Write it as 2027-01-31 or 2027-01-31T12:00:00Z.');
  return at.toISOString();
}
