import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { TimelineRecorder } from '../../broker/timeline/timeline-recorder.js';
import type { Actor } from '../../http/actor.js';
import { AuditService } from '../audit/audit.service.js';
import type { ClientBulk, ClientBulkResult } from './client.schemas.js';

/** Sends many clients away at once; with `clear`, what is kept for them goes, too. */
@Injectable()
export class ClientBulkService {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    private readonly timeline: TimelineRecorder,
  ) {}

  async run({ action, clientIds, reason }: ClientBulk, actor: Actor): Promise<ClientBulkResult> {
    const { sessions } = this.broker;
    const asked = [...new Set(clientIds)];
    const met = asked.filter((clientId) => this.isMet(clientId, action));
    await this.audit.changes(actor, () =>
      Promise.resolve({
        result: null,
        deeds: met.map((clientId) => ({
          action: action === 'kick' ? 'clients.kick' : 'clients.clear',
          object: `client/${clientId}`,
          reason: reason || null,
        })),
      }),
    );
    let disconnected = 0;
    const ended: Promise<void>[] = [];
    for (const clientId of met) {
      const session = sessions.get(clientId);
      if (!session) continue;
      if (session.isOnline) {
        disconnected++;
        this.timeline.kicked(session, actor.name, reason);
      }
      if (action === 'clear') ended.push(sessions.purge(session));
      else this.broker.disconnect(clientId, 'administrative-action');
    }
    await Promise.all(ended);
    return { disconnected, cleared: ended.length, unchanged: asked.length - met.length };
  }

  private isMet(clientId: string, action: ClientBulk['action']): boolean {
    const session = this.broker.sessions.get(clientId);
    if (!session?.options.isClient) return false;
    return action === 'kick' ? session.isOnline : true;
  }
}
