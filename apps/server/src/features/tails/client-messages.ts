import type { Broker, Message, Session } from '@perch/broker';
import { filterMatches } from '@perch/policy';

/** Topics whose answer is remembered at a time. */
const MOST_TOPICS = 10_000;

/** Says of messages whether one client publishes them, or may have them through a subscription. */
export class ClientMessages {
  /** Whether it hears a topic; what it is subscribed to may change, so `forget` from time to time. */
  private readonly heard = new Map<string, boolean>();

  constructor(
    private readonly sessions: Pick<Broker['sessions'], 'get'>,
    private readonly clientId: string,
  ) {}

  has({ publisher, topic }: Pick<Message, 'publisher' | 'topic'>): boolean {
    return publisher === this.clientId || this.hears(topic);
  }

  forget(): void {
    this.heard.clear();
  }

  private hears(topic: string): boolean {
    const known = this.heard.get(topic);
    if (known !== undefined) return known;
    if (this.heard.size >= MOST_TOPICS) this.heard.clear();
    const isHeard = hears(this.sessions.get(this.clientId), topic);
    this.heard.set(topic, isHeard);
    return isHeard;
  }
}

function hears(session: Session | undefined, topic: string): boolean {
  for (const { topicFilter, exclusions } of session?.subscriptions.values() ?? []) {
    if (filterMatches(topicFilter, topic) && !exclusions?.some((filter) => filterMatches(filter, topic))) return true;
  }
  return false;
}
