import type { Authentication, AuthenticationExchange, Authenticator, Credentials } from '@perch/broker';
import type { Span, Traces } from './traces.js';

/** A span for each connect: who asked, and what came of it. */
export class TracedAuthenticator implements Authenticator {
  constructor(
    private readonly inner: Authenticator,
    private readonly traces: Traces,
  ) {}

  authenticate(credentials: Credentials): Authentication | Promise<Authentication> {
    const { clientId, protocol, username } = credentials;
    const facts = { 'messaging.client.id': clientId, 'network.protocol.name': protocol };
    const span = this.traces.begin('connect', {
      kind: 'server',
      facts: username === null ? facts : { ...facts, 'user.name': username },
    });
    const answer = this.traces.within(span, () => this.inner.authenticate(credentials));
    if (!(answer instanceof Promise)) return ended(span, answer);
    return answer.then(
      (settled) => ended(span, settled),
      (error: unknown) => {
        span.failed(error);
        span.end();
        throw error;
      },
    );
  }

  begin(method: string, client: Omit<Credentials, 'password'>): AuthenticationExchange | null {
    return this.inner.begin?.(method, client) ?? null;
  }
}

function ended(span: Span, answer: Authentication): Authentication {
  span.add({ 'perch.outcome': answer.accepted ? 'accepted' : answer.refusal });
  span.end();
  return answer;
}
