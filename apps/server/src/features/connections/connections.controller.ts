import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Broker } from '@perch/broker';
import { type Actor, CurrentActor } from '../../http/actor.js';
import { Allow } from '../../http/allow.decorator.js';
import { Answers, Problems, Summary } from '../../http/answers.decorator.js';
import { ClientsService } from '../clients/clients.service.js';
import { ConnectionClosed, ConnectionList, ConnectionParam, ConnectionQuery } from './connection.schemas.js';

/** The two routes of HMQ's monitor, for programs that know them; with authentication, which HMQ has not. */
@ApiTags('connections')
@Controller('connections')
export class ConnectionsController {
  constructor(
    private readonly broker: Broker,
    private readonly clients: ClientsService,
  ) {}

  @Summary('Who is connected, as HMQ tells it. GET /clients says more.')
  @Get()
  @Allow('clients:read')
  @Answers(ConnectionList)
  @Problems(400)
  list(@Query({ schema: ConnectionQuery }) { limit, after = '' }: ConnectionQuery): ConnectionList {
    const online = [...this.broker.sessions].filter(({ isOnline, options }) => isOnline && options.isClient);
    const inOrder = online.sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    const page = inOrder.filter(({ clientId }) => clientId > after).slice(0, limit);
    const clients = page.map(({ clientId, identity, options, connectedAt }) => ({
      clientID: clientId,
      username: identity.username ?? '',
      keepalive: options.keepAlive,
      remoteIP: identity.address ?? '',
      protocol: options.protocol,
      connectedAt: Math.floor(connectedAt / 1000),
    }));
    return { code: 0, clients, total: online.length };
  }

  @Summary('Ends a connection, as HMQ does: the answer is the same where there was none.')
  @Delete(':clientId')
  @Allow('clients:write')
  @Answers(ConnectionClosed)
  async close(
    @Param({ schema: ConnectionParam }) { clientId }: ConnectionParam,
    @CurrentActor() actor: Actor,
  ): Promise<ConnectionClosed> {
    if (this.broker.sessions.get(clientId)?.isOnline) await this.clients.kick(clientId, { reason: '' }, actor);
    return { code: 0 };
  }
}
