import type { Clock, Credentials } from '@perch/broker';
import type { OwnRules } from '@perch/policy';
import type { HookSettings } from '../access-settings.schema.js';
import { AnswerCache } from '../hooks/answer-cache.js';
import { HookClient, type HookQuestion } from '../hooks/hook-client.js';
import { LoginGuard, type LoginLimits } from '../login-guard.js';
import { type Answer, refusedBecause } from './answer.js';
import type { ChainMember } from './chain-member.js';
import { readAnswer } from './http-answer.js';

/** What a member needs beside its settings. */
export interface HttpMemberOptions {
  readonly clock: Pick<Clock, 'now' | 'uptime' | 'after'>;
  /** Where the rules that an answer brings are judged; null where they count for nothing. */
  readonly ownRules: OwnRules['place'] | null;
  readonly loginLimits: Partial<LoginLimits>;
  /** The hook has begun to fail, or with null to answer again. */
  readonly changed: (problem: string | null) => void;
  /** The hook has answered something that cannot be used. */
  readonly unreadable: (why: string) => void;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Asks a server of the operator's own. Without an answer that can be used nobody comes in. */
export class HttpMember implements ChainMember {
  private readonly client: HookClient;
  private readonly cache: AnswerCache<Answer>;
  private readonly guard: LoginGuard;

  constructor(
    private readonly settings: HookSettings,
    private readonly options: HttpMemberOptions,
  ) {
    this.client = new HookClient(settings, options);
    this.cache = new AnswerCache(settings.cacheSeconds * 1000, options.clock);
    this.guard = new LoginGuard(options.clock, options.loginLimits);
  }

  get id(): string {
    return this.settings.id;
  }

  get problem(): string | null {
    return this.client.problem;
  }

  passes(): null {
    return null;
  }

  ask(credentials: Credentials): Answer | Promise<Answer> {
    const password = textOf(credentials.password);
    if (password === undefined) return refusedBecause('bad-credentials', 'The password is no text (UTF-8).');
    const { clientId, username, address, certificateName, protocol } = credentials;
    const digest = this.cache.digestOf([clientId, username, password, address, certificateName, protocol]);
    const known = this.cache.find(digest);
    if (known) return this.stillValid(known);
    const question = this.questionOf(credentials, password);
    const asked = () => this.answer(credentials, digest, question);
    const admission = username === null ? null : this.guard.admit({ username, address });
    if (admission === null) return asked();
    if (typeof admission === 'string') return tooManyGuesses(admission);
    return admission.then((refusal) => (refusal ? tooManyGuesses(refusal) : asked()));
  }

  forget(username: string | null): void {
    this.cache.forget(username);
    if (username !== null) this.guard.forget(new Set([username]));
  }

  private async answer(credentials: Credentials, digest: string, question: HookQuestion): Promise<Answer> {
    const { username, address } = credentials;
    const { id, dialect } = this.settings;
    const { ownRules } = this.options;
    const said = await this.client.ask(question);
    const answer = readAnswer(said, dialect, { username, id, ownRules });
    const isUnreadable = !('problem' in said) && answer.accepted === false && answer.refusal === 'unavailable';
    if (isUnreadable) this.options.unreadable(answer.why ?? '');
    if (username !== null && answer.accepted) this.guard.succeeded({ username, address });
    const isDenied = answer.accepted === false && answer.refusal === 'bad-credentials';
    if (username !== null && isDenied) this.guard.failed({ username, address });
    // That it could not tell is not remembered.
    if (answer.accepted !== false || isDenied) this.cache.remember(digest, username, answer);
    return this.stillValid(answer);
  }

  private stillValid(answer: Answer): Answer {
    const isOver = answer.accepted && (answer.validUntil ?? Infinity) <= this.options.clock.now();
    return isOver ? refusedBecause('authorization-expired', 'Its answer is no longer valid.') : answer;
  }

  private questionOf(credentials: Credentials, password: string | null): HookQuestion {
    const { clientId, username, address, protocol, certificateName } = credentials;
    if (this.settings.dialect === 'json') {
      return { json: { clientId, username, password, address, protocol, certificateName } };
    }
    return { form: { username: username ?? '', clientid: clientId, password: password ?? '' } };
  }
}

function textOf(password: Buffer | null): string | null | undefined {
  if (password === null) return null;
  try {
    return utf8.decode(password);
  } catch {
    return undefined;
  }
}

function tooManyGuesses(refusal: Parameters<typeof refusedBecause>[0]): Answer {
  return refusedBecause(refusal, 'Too many wrong passwords.');
}
