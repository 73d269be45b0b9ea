import type { Authorization, Authorizer, Clock } from '@perch/broker';
import type { Action, ClientIdentity } from '@perch/policy';
import { z } from 'zod';
import type { HttpAuthorizerSettings } from '../access-settings.schema.js';
import { HookClient, HookFailure, type HookQuestion } from '../hooks/hook-client.js';
import { readJsonAnswer } from '../hooks/read-json-answer.js';

const Body = z.object({
  result: z.enum(['allow', 'deny', 'ignore']),
  validUntil: z.iso.datetime({ offset: true }).nullish(),
});

/** A hook that says an answer is over already would be asked without end. */
const SHORTEST_VALIDITY_MS = 1_000;

/** What a hook of FLYWHEEL answers: nothing is no, 0 for ever. */
const AllowMillis = z.object({ allowMillis: z.int().min(0).nullish() });

const outcomes = { allow: true, deny: false, ignore: null } as const;

/** What an authorizer needs beside its settings. */
export interface HttpAuthorizerOptions {
  readonly clock: Pick<Clock, 'now' | 'uptime'>;
  /** The hook has begun to fail, or with null to answer again. */
  readonly changed: (problem: string | null) => void;
  /** The hook has answered something that cannot be used. */
  readonly unreadable: (why: string) => void;
}

/** Asks a server of the operator's own what no rule has anything to say about. */
export class HttpAuthorizer implements Authorizer {
  private readonly client: HookClient;

  constructor(
    readonly settings: HttpAuthorizerSettings,
    private readonly options: HttpAuthorizerOptions,
  ) {
    this.client = new HookClient(settings, options);
  }

  get problem(): string | null {
    return this.client.problem;
  }

  /** Rejects when there is no answer that could be used. */
  async ask(identity: ClientIdentity, action: Action, topic: string): Promise<Authorization> {
    const answer = await this.client.ask(this.questionOf(identity, action, topic));
    if ('problem' in answer) throw new HookFailure(answer.problem, this.settings.id);
    const now = this.options.clock.now();
    if (this.settings.dialect === 'flywheel') return timed(readAllowMillis(answer), now);
    const { allowed, until } =
      this.settings.dialect === 'form' ? { allowed: answer.status === 200, until: null } : this.read(answer);
    const validUntil = until ?? now + this.settings.cacheSeconds * 1000;
    return { allowed, validUntil: Math.max(validUntil, now + SHORTEST_VALIDITY_MS) };
  }

  private read(answer: Parameters<typeof readJsonAnswer>[1]): Outcome {
    const read = readJsonAnswer(Body, answer);
    if ('data' in read) {
      const { result, validUntil } = read.data;
      return { allowed: outcomes[result], until: validUntil ? Date.parse(validUntil) : null };
    }
    this.options.unreadable(read.problem);
    throw new HookFailure(read.problem, this.settings.id);
  }

  private questionOf(
    { clientId, username, address, labels }: ClientIdentity,
    action: Action,
    topic: string,
  ): HookQuestion {
    if (this.settings.dialect === 'json') {
      return { json: { clientId, username, address, labels: labels ?? [], action, topic } };
    }
    // Who it is was proved before: no password or token is handed on.
    if (this.settings.dialect === 'flywheel') {
      return { json: { credentials: username === null ? null : { type: 'Basic', username }, topic } };
    }
    const isOne = (this.settings.digits === 'sub-pub') === (action === 'subscribe');
    return { query: { username: username ?? '', clientid: clientId, topic, access: isOne ? '1' : '2' } };
  }
}

/** For how long it is allowed, 0 for ever; null for not at all. Any answer that says nothing of it is a no. */
function readAllowMillis({ status, body }: Parameters<typeof readJsonAnswer>[1]): number | null {
  const read = readJsonAnswer(AllowMillis, { status: status === 201 ? 200 : status, body });
  return 'data' in read ? (read.data.allowMillis ?? null) : null;
}

function timed(allowMillis: number | null, now: number): Authorization {
  if (allowMillis === null) return { allowed: false, validUntil: null };
  return { allowed: true, validUntil: allowMillis === 0 ? null : now + Math.max(allowMillis, SHORTEST_VALIDITY_MS) };
}

interface Outcome {
  readonly allowed: boolean | null;
  /** In ms since the epoch; null where the settings say for how long. */
  readonly until: number | null;
}
