import type { Refusal } from '../../refusal.js';

/** The topics that a client has given a number, so that it need not spell them out again [MQTT5 3.3.2.3.4]. */
export class TopicAliases {
  private readonly topics = new Map<number, string>();

  constructor(private readonly maximum: number) {}

  /** The topic that is meant: spelled out, and from then on known by the alias, or known by it already. */
  resolve(topic: string, alias: number): { readonly topic: string } | { readonly refusal: Refusal } {
    // [MQTT5-3.3.2-8] [MQTT5-3.3.2-9] neither 0 nor more than the broker said it takes
    if (alias === 0 || alias > this.maximum) return { refusal: 'topic-alias-invalid' };
    if (topic !== '') {
      this.topics.set(alias, topic);
      return { topic };
    }
    const known = this.topics.get(alias);
    return known === undefined ? { refusal: 'protocol-error' } : { topic: known };
  }
}
