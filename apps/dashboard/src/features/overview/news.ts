import type { Client, Refusal } from '../../shared/api/generated/types.gen.js';
import { isSessionEnd, type PresenceEvent, presenceEventOf } from '../../shared/live/presence-event.js';
import type { LiveMessage } from '../../shared/live/live-message.js';

/** A connect or disconnect, or that the session of a client that had gone before is over. */
export type PresenceNews = PresenceEvent & { readonly isSessionEnd: boolean };

/** One line of what happens: somebody came or went, or was refused something. */
export type News =
  | { readonly key: string; readonly at: number; readonly presence: PresenceNews }
  | { readonly key: string; readonly at: number; readonly refusal: Refusal };

/** As many lines as are shown. */
export const MOST_NEWS = 20;

/** What a batch of the live feed tells, the newest first. */
export function presenceNewsOf(messages: readonly LiveMessage[]): News[] {
  return messages
    .slice(-MOST_NEWS)
    .map((message) => {
      const event = presenceEventOf(message);
      return event && presenceNews({ ...event, isSessionEnd: isSessionEnd(message) });
    })
    .filter((news) => news !== null)
    .reverse();
}

/** The last that is known of a client: it came or went before anybody listened. */
export function newsOfClient(client: Client): News {
  return presenceNews({ ...client, since: Date.parse(client.since), isSessionEnd: false });
}

function presenceNews(presence: PresenceNews): News {
  // Numbered by its node: a client that is read and announced, too, is one line.
  return { key: `${presence.node} ${presence.seq}`, at: presence.since, presence };
}

/** Alike refusals are one line, at the time of the last of them. */
export function newsOfRefusal(refusal: Refusal): News {
  return { key: `refused ${refusal.key}`, at: Date.parse(refusal.lastAt), refusal };
}

/** The last of all these, each once, the newest first. */
export function lastNews(...sources: readonly (readonly News[])[]): News[] {
  const byKey = new Map(sources.flat().map((news) => [news.key, news]));
  return [...byKey.values()].sort((a, b) => b.at - a.at).slice(0, MOST_NEWS);
}
