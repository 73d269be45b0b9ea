import { type Command, Option } from 'commander';
import type { Client, ClientDetail } from '../../features/clients/client.schemas.js';
import { columns, printable } from '../columns.js';
import type { Commands, ServerTask } from '../command.js';
import { pages } from '../pages.js';

const PAGE = 5000;

interface ListOptions {
  readonly q?: string;
  readonly state?: string;
  readonly username?: string;
  readonly address?: string;
  readonly subscribedTo?: string;
}

/** `perch clients …`: who is and was connected. */
export function clientCommands(program: Command, commands: Commands): void {
  const clients = program.command('clients').description('clients: what is connected, or was');
  const list = clients.command('list', { isDefault: true }).description('list clients by id');
  list
    .option('--q <text>', 'part of the client id, user name or address')
    .addOption(new Option('--state <state>').choices(['online', 'offline']))
    .option('--username <name>')
    .option('--address <cidr>', 'an address, or a block that it lies in')
    .option('--subscribed-to <filter>', 'subscribed to something of it');
  commands.remote<ListOptions>(list, listClients);
  commands.remote(clients.command('show <clientId>').description('one client, with its session'), showClient);
  const kick = clients.command('kick <clientId>').description('disconnect a client; it may come back');
  kick.option('--reason <text>', 'for the audit log');
  commands.remote<{ reason?: string }>(kick, async ({ api, options, print, terminal }, clientId = '') => {
    await api.ask('POST', `clients/${encodeURIComponent(clientId)}/kick`, { body: { reason: options.reason ?? '' } });
    terminal.note(`Disconnected ${printable(clientId)}.`);
    print({ clientId, disconnected: true }, []);
  });
}

async function listClients({ api, options, print, terminal }: ServerTask<ListOptions>): Promise<void> {
  const { q, state, username, address, subscribedTo } = options;
  const query = { q, state, username, address, subscribedTo, limit: PAGE };
  const clients = await pages<Client>(api, 'clients', query);
  const rows = clients.map((each) => [
    each.clientId,
    each.online ? 'online' : 'offline',
    each.since,
    each.username ?? '-',
    each.protocol,
    each.address ?? '-',
    each.reason ?? '',
  ]);
  if (rows.length === 0) terminal.note('There is no such client.');
  print(clients, columns(['CLIENT ID', 'STATE', 'SINCE', 'USERNAME', 'PROTOCOL', 'ADDRESS', 'REASON'], rows));
}

async function showClient({ api, print }: ServerTask<unknown>, clientId = ''): Promise<void> {
  const client = await api.ask<ClientDetail>('GET', `clients/${encodeURIComponent(clientId)}`);
  const { session } = client;
  const facts: [string, string][] = [
    ['client id', client.clientId],
    ['state', `${client.online ? 'online' : 'offline'} since ${client.since}`],
    ['user', client.username ?? '-'],
    ['let in by', client.authenticator ?? '-'],
    ['protocol', client.protocol],
    ['address', client.address ?? '-'],
    ['durable session', client.durable ? 'yes' : 'no'],
  ];
  if (client.reason !== null) facts.push(['last end', client.reason]);
  if (session)
    facts.push(
      ['keep alive', `${session.keepAliveSeconds} s`],
      ['in flight, queued', `${session.inFlight}, ${session.queued}`],
      ['messages in, out', `${session.messagesIn}, ${session.messagesOut}`],
    );
  const width = Math.max(...facts.map(([name]) => name.length));
  const subscriptions = (session?.subscriptions ?? []).map(({ filter, qos, ruleId }) => [
    filter,
    String(qos),
    ruleId ?? '-',
  ]);
  print(client, [
    ...facts.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`),
    ...columns(['SUBSCRIPTION', 'QOS', 'ALLOWED BY'], subscriptions),
  ]);
}
