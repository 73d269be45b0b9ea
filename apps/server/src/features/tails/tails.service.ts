import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type Message, type StopTimer } from '@perch/broker';
import type { Config } from '../../config/config.schema.js';
import { InjectConfig } from '../../config/config.module.js';
import { type Actor, actorOf } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { PerchRequest } from '../../http/perch-request.js';
import { AuditService } from '../audit/audit.service.js';
import { keepOpen, type KeptOpenEnd } from '../sign-in/keep-open.js';
import type { SignedIn } from '../sign-in/signed-in.js';
import { SignIns } from '../sign-in/sign-ins.js';
import { ClientMessages } from './client-messages.js';
import { Tail } from './tail.js';
import type { TailEnd, TailInput } from './tail.schemas.js';
import { TailStream } from './tail-stream.js';

const MOST_PER_OPERATOR = 4;
const MOST_IN_ALL = 32;
/** Often enough to look live, seldom enough to cost nothing. */
const LINE_MS = 250;
/** Above so many messages a second the operator is asked first. */
const BUSY_PER_SECOND = 1_000;
const LONGEST_MS = 3_600_000;

/** Who watches. */
interface Watcher {
  readonly actor: Actor;
  readonly signedIn: SignedIn;
}

interface Running extends Watcher {
  readonly tail: Tail;
  readonly clientId: string | undefined;
  readonly stream: TailStream;
  readonly startedAt: number;
  readonly stop: () => void;
}

/** Live tails: what operators are shown of messages as they pass. Bounded, audited, and over with the sign-in. */
@Injectable()
export class TailsService implements OnModuleDestroy {
  private readonly log = new Logger('tails');
  private readonly running = new Set<Running>();
  private starting = 0;

  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    @InjectConfig() private readonly config: Config,
    private readonly signIns: SignIns,
  ) {}

  onModuleDestroy(): void {
    for (const each of this.running) this.end(each, 'stopped');
  }

  /** Begins one, once that is in the audit log. 409 where the filter is broad and nobody has confirmed that. */
  async start(input: TailInput, request: PerchRequest): Promise<Readable> {
    const { filter, clientId, confirmed } = input;
    const watcher = watcherOf(request);
    if (!confirmed && clientId === undefined && /^[+#]/.test(filter)) {
      throw new ApiError(
        'broad-filter',
        'The filter reaches every topic. Confirm that you want to see a sample of it.',
      );
    }
    this.assertRoom(watcher);
    let running: Running | null = null;
    let ended: KeptOpenEnd | null = null;
    const stopWatch = keepOpen(this.broker.agenda, this.signIns, {
      signedIn: watcher.signedIn,
      credentials: { headers: request.headers, address: request.client.address },
      showsPayloads: true,
      ended: (why) => {
        ended = why;
        if (running) this.end(running, 'signed-out');
      },
    });
    this.starting++;
    try {
      await this.audit.record(watcher.actor, {
        action: 'tails.start',
        object: `filter/${filter}`,
        after: { filter, clientId },
      });
      assertHolds(ended);
    } catch (error) {
      stopWatch();
      throw error;
    } finally {
      this.starting--;
    }
    running = this.run(input, watcher, stopWatch);
    return running.stream;
  }

  private run({ filter, clientId, confirmed }: TailInput, watcher: Watcher, stopWatch: StopTimer): Running {
    const { tailMessagesPerSecond: perSecond, tailPayloadBytes: payloadBytes } = this.config;
    const tail = new Tail(filter, { perSecond, payloadBytes });
    const stream = new TailStream(() => this.end(running, 'left'));
    const only = clientId === undefined ? null : new ClientMessages(this.broker.sessions, clientId);
    const see = (message: Message) => {
      if (only === null || only.has(message)) tail.see(message);
    };
    const stops: StopTimer[] = [stopWatch, this.broker.watch(filter, see)];
    const stop = () => stops.forEach((each) => each());
    const running: Running = { ...watcher, tail, clientId, stream, startedAt: Date.now(), stop };
    const { clock } = this.broker;
    stops.push(
      clock.every(LINE_MS, () => {
        only?.forget();
        this.writeLine(running);
      }),
      clock.after(LONGEST_MS, () => this.end(running, 'too-long')),
    );
    if (!confirmed) stops.push(clock.after(1_000, () => this.endIfBusy(running)));
    this.running.add(running);
    this.share(watcher);
    stream.write({ type: 'started', perSecond, payloadBytes });
    return running;
  }

  private writeLine({ tail, stream }: Running): void {
    // Who reads too slowly is shown less; what was not shown is in the count of what was seen.
    if (stream.hasRoom) stream.write({ type: 'batch', ...tail.take() });
  }

  private endIfBusy(running: Running): void {
    const { seen } = running.tail;
    if (seen > BUSY_PER_SECOND) this.end(running, 'busy', { perSecond: seen });
  }

  private end(running: Running, reason: TailEnd, more: { readonly perSecond?: number } = {}): void {
    if (!this.running.delete(running)) return;
    running.stop();
    this.share(running);
    const { tail, clientId, stream, actor, startedAt } = running;
    if (reason !== 'signed-out') this.writeLine(running);
    stream.end(reason, more);
    const { filter, seen, shown } = tail;
    const after = { filter, clientId, reason, seen, shown, seconds: Math.round((Date.now() - startedAt) / 1000) };
    this.audit
      .record(actor, { action: 'tails.end', object: `filter/${filter}`, after })
      .catch((error: unknown) => this.log.error(`The end of a tail of ${actor.name} is not audited: ${String(error)}`));
  }

  /** All tails of one operator share a rate. */
  private share({ signedIn }: Watcher): void {
    const own = this.ownOf(signedIn);
    for (const { tail } of own)
      tail.perSecond = Math.max(1, Math.floor(this.config.tailMessagesPerSecond / own.length));
  }

  private ownOf({ operator }: SignedIn): Running[] {
    return [...this.running].filter((each) => each.signedIn.operator.id === operator.id);
  }

  private assertRoom({ signedIn }: Watcher): void {
    if (this.ownOf(signedIn).length >= MOST_PER_OPERATOR)
      throw new ApiError('too-many-attempts', `You watch ${MOST_PER_OPERATOR} filters already. Stop one of them.`);
    if (this.running.size + this.starting >= MOST_IN_ALL)
      throw new ApiError('too-many-attempts', `There are ${MOST_IN_ALL} live tails already. Wait until one has ended.`);
  }
}

function watcherOf(request: PerchRequest): Watcher {
  const { signedIn } = request;
  if (!signedIn) throw new ApiError('sign-in-required', 'A live tail needs somebody who is signed in.');
  return { actor: actorOf(request), signedIn };
}

/** Throws where they may not watch any more by the time that it could begin. */
function assertHolds(ended: KeptOpenEnd | null): void {
  if (ended === 'not-allowed')
    throw new ApiError('not-allowed', 'Who may read what messages hold was changed meanwhile.');
  if (ended !== null) throw new ApiError('sign-in-required', 'The sign-in has ended meanwhile.');
}
