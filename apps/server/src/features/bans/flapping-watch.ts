import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Broker, type CloseReason, type Session } from '@perch/broker';
import { SeldomLog } from '../../broker/listeners/seldom-log.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { byItself } from '../../http/actor.js';
import { AttemptLimiter } from '../../policy/attempt-limiter.js';
import { FlapCounter, type Flapping } from '../../policy/bans/flap-counter.js';
import { BansService } from './bans.service.js';

/** No operator does it. */
const perch = byItself('flapping');

/** Ends that are not the client's doing. */
const ours: ReadonlySet<CloseReason> = new Set(['administrative-action', 'banned', 'server-shutting-down']);

/** Whoever makes up client ids must not fill the list of bans, nor the audit log. */
const BANS_A_MINUTE = 60;

/** Tells which clients come and go all the time, and bans them where that is wanted. */
@Injectable()
export class FlappingWatch implements OnModuleInit {
  private readonly logger = new Logger('flapping');
  private readonly seen = new SeldomLog((line) => this.logger.warn(line));
  private readonly failed = new SeldomLog((line) => this.logger.warn(line));
  private readonly made = new AttemptLimiter({ attempts: BANS_A_MINUTE, windowMs: 60_000, keys: 1 });

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly broker: Broker,
    private readonly flaps: FlapCounter,
    private readonly bans: BansService,
  ) {}

  onModuleInit(): void {
    this.broker.observe({ closed: (session, reason) => this.closed(session, reason) });
  }

  private closed({ clientId, identity }: Session, reason: CloseReason): void {
    if (ours.has(reason)) return;
    const isTakeover = reason === 'session-taken-over';
    const flapping = this.flaps.count({ clientId, address: identity.address, isTakeover });
    if (!flapping) return;
    const story = storyOf(flapping, this.config.flappingWindowSeconds);
    this.seen.tell(`Client ${JSON.stringify(clientId)} is ${story}.`);
    if (this.config.flappingBan === 'on') this.ban(clientId, story);
  }

  private ban(clientId: string, reason: string): void {
    const name = JSON.stringify(clientId);
    if (this.made.blockedForMs('') > 0) {
      this.failed.tell(`Client ${name} was not banned: ${BANS_A_MINUTE} were in this minute.`);
      return;
    }
    this.made.count('');
    const until = new Date(Date.now() + this.config.flappingBanSeconds * 1000).toISOString();
    this.bans
      .create({ kind: 'clientid', value: clientId, reason, until }, perch)
      .catch((error: unknown) => this.failed.tell(`Client ${name} was not banned: ${String(error)}`));
  }
}

/** What an operator reads in the log and as the reason of the ban. */
export function storyOf({ disconnects, takeovers, addresses }: Flapping, windowSeconds: number): string {
  const story = `flapping: ${disconnects} disconnects in ${windowSeconds} s`;
  // Somebody who was cut off and comes back takes the place of their own old connection: once, not all the time.
  if (takeovers * 2 < disconnects) return story;
  const [first, second] = addresses;
  if (first === undefined || second === undefined)
    return `${story}, ${takeovers} of them takeovers from the same address: two clients there may use this id`;
  return addresses.length > 2
    ? `${story}; several clients use this id, at ${first}, ${second} and elsewhere`
    : `${story}; two clients use this id, at ${first} and ${second}`;
}
