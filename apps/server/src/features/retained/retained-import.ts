import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import type { Config } from '../../config/config.schema.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { inPlainWords } from '../../http/plain-issue.js';
import { fieldErrors } from '../../http/schema.pipe.js';
import { AuditService } from '../audit/audit.service.js';
import { contentOf } from '../publish/message.schemas.js';
import type { NewMessage } from '../publish/publish-messages.js';
import { PublishService } from '../publish/publish.service.js';
import { type BoundedLine, boundedLines } from './bounded-lines.js';
import { type ImportQuery, LineInput, type RetainedImportResult } from './retained-file.schemas.js';

/** Lines that are read before the commits of their messages are waited for. */
const BATCH = 200;
const MOST_PROBLEMS = 100;
/** What a line takes beside its payload: the topic, the properties, the names of the fields. */
const LINE_BYTES_BESIDE = 1024 * 1024;

type Problem = RetainedImportResult['problems'][number];
type Outcome = 'created' | 'replaced' | 'kept' | 'expired';

/** A line that can't be imported, and why. */
class BadLine extends Error {
  constructor(readonly problems: readonly Omit<Problem, 'line'>[]) {
    super('a line cannot be imported');
  }
}

/** Reads retained messages from a file as fast as they can be kept: however long it is, it holds few lines. */
@Injectable()
export class RetainedImport {
  constructor(
    private readonly broker: Broker,
    private readonly publisher: PublishService,
    private readonly audit: AuditService,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** Each line stands for itself: those that are wrong are told, the others imported. */
  async run(stream: AsyncIterable<Buffer>, query: ImportQuery, actor: Actor): Promise<RetainedImportResult> {
    const object = 'retained';
    const { existing, dryRun = false } = query;
    if (!dryRun) await this.audit.record(actor, { action: 'retained.import', object, after: { existing } });
    const result = emptyResult(!dryRun);
    try {
      await this.read(stream, result, (line) => this.take(line, query, actor));
    } catch (error) {
      // The caller has gone, or the broker takes no more: what was imported stays.
      result.stopped = error instanceof ApiError ? error.detail : 'The connection to the caller was lost.';
    }
    const { lines, created, replaced, failed, stopped } = result;
    const after = { lines, created, replaced, failed, stopped };
    if (!dryRun) await this.audit.record(actor, { action: 'retained.import-end', object, after });
    return result;
  }

  private async read(
    stream: AsyncIterable<Buffer>,
    result: RetainedImportResult,
    take: (line: BoundedLine) => Promise<Outcome>,
  ): Promise<void> {
    let batch: { readonly line: number; readonly outcome: Promise<PromiseSettledResult<Outcome>> }[] = [];
    const settle = async () => {
      const known = batch;
      batch = [];
      for (const { line, outcome } of known) count(result, line, await outcome);
    };
    for await (const line of boundedLines(stream, this.maxLineBytes)) {
      batch.push({ line: line.number, outcome: settled(take(line)) });
      if (batch.length === BATCH) await settle();
    }
    await settle();
  }

  private async take(line: BoundedLine, { existing, dryRun = false }: ImportQuery, actor: Actor): Promise<Outcome> {
    const message = this.parse(line);
    this.publisher.assertAllowed(message, actor);
    const { topic, expiresAt = null } = message;
    const isThere = this.broker.retained.get(topic) !== undefined;
    if (expiresAt !== null && expiresAt <= Date.now()) return 'expired';
    if (isThere && existing === 'keep') return 'kept';
    if (!dryRun) await this.publisher.send(message, actor);
    return isThere ? 'replaced' : 'created';
  }

  private parse({ text }: BoundedLine): NewMessage {
    if (text === null) throw badLine(`The line has more than ${this.maxLineBytes} bytes.`);
    const parsed = LineInput.safeParse(jsonOf(text), inPlainWords);
    if (!parsed.success) {
      const errors = parsed.error.issues.flatMap(fieldErrors);
      throw new BadLine(errors.map(({ path, message }) => ({ path: path || null, message })));
    }
    const { topic, qos, ...input } = parsed.data;
    return { topic, qos, retain: true, ...contentOf(input) };
  }

  /** Every byte of a text may be escaped as six. */
  private get maxLineBytes(): number {
    return this.config.maxPacketBytes * 6 + LINE_BYTES_BESIDE;
  }
}

/** Handled at once: the next line may be long in coming, and a refusal that nobody waits for yet would end the process. */
async function settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badLine(`This is not JSON: ${(error as Error).message}`);
  }
}

function badLine(message: string): BadLine {
  return new BadLine([{ path: null, message }]);
}

function emptyResult(applied: boolean): RetainedImportResult {
  const nothing = { lines: 0, created: 0, replaced: 0, kept: 0, expired: 0, failed: 0 };
  return { applied, ...nothing, problems: [], stopped: null };
}

/** Throws what no other line would fare better with. */
function count(result: RetainedImportResult, line: number, settled: PromiseSettledResult<Outcome>): void {
  result.lines += 1;
  if (settled.status === 'fulfilled') {
    result[settled.value] += 1;
    return;
  }
  const error: unknown = settled.reason;
  result.failed += 1;
  const problems = problemsOf(error);
  result.problems.push(...problems.map((problem) => ({ line, ...problem })).slice(0, roomIn(result)));
  if (!(error instanceof BadLine) && !(error instanceof ApiError && error.status < 500)) throw error;
}

function roomIn({ problems }: RetainedImportResult): number {
  return Math.max(0, MOST_PROBLEMS - problems.length);
}

function problemsOf(error: unknown): readonly Omit<Problem, 'line'>[] {
  if (error instanceof BadLine) return error.problems;
  if (!(error instanceof ApiError)) return [];
  return [{ path: error.extras.errors?.[0]?.path ?? null, message: error.detail }];
}
