/** The topics of a pasted or typed text: one per line or separated by commas, without duplicates of what is there. */
export function splitTopics(text: string): string[] {
  return text
    .split(/[\n\r\t,]+/)
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
}

/** The list with the new topics at its end, each once. */
export function addTopics(topics: readonly string[], added: readonly string[]): readonly string[] {
  const fresh = added.filter((topic, index) => !topics.includes(topic) && added.indexOf(topic) === index);
  return fresh.length === 0 ? topics : [...topics, ...fresh];
}

/** A part of a topic filter: plain text, or a placeholder that stands for something of the client. */
export interface TopicPart {
  readonly text: string;
  readonly isPlaceholder: boolean;
}

/** The filter cut at its placeholders, so that they can be tinted. */
export function topicParts(topic: string): TopicPart[] {
  return topic
    .split(/((?:^|(?<=\/))%[cu](?=\/|$))/)
    .filter((text) => text !== '')
    .map((text) => ({ text, isPlaceholder: text === '%c' || text === '%u' }));
}
