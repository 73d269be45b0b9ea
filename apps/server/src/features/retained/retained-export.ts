import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type Message } from '@perch/broker';
import type { Actor } from '../../http/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { propertiesOf } from '../publish/message.schemas.js';
import { itemOf } from './retained-answers.js';
import type { RetainedLine } from './retained-file.schemas.js';
import { assertFilter } from './retained.service.js';

/** Text that is handed on at once. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Writes retained messages as a file, as they were when it was asked for and still are: however many, it holds few. */
@Injectable()
export class RetainedExport {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
  ) {}

  /** Whoever has the file has read it: that is in the audit log first. */
  async start(filter: string, actor: Actor): Promise<AsyncGenerator<string>> {
    assertFilter(filter);
    await this.audit.record(actor, { action: 'retained.export', object: `filter/${filter}` });
    return this.lines(filter);
  }

  private async *lines(filter: string): AsyncGenerator<string> {
    let text = '';
    for (const message of this.broker.retained.search(filter)) {
      if (message) text += `${JSON.stringify(lineOf(message))}\n`;
      else await setImmediate();
      if (text.length < CHUNK_CHARACTERS) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
  }
}

function lineOf(message: Message): RetainedLine {
  const { storedAt, publisher, expiresAt, topic, qos } = itemOf(message);
  const encoding = isUtf8(message.payload) ? 'utf8' : 'base64';
  const payload = message.payload.toString(encoding);
  const properties = message.properties && propertiesOf(message.properties);
  return { topic, qos, payload, encoding, properties, expiresAt, publisher, storedAt };
}
