import type { Limits } from './limits.js';

/** True when the topic or filter has more bytes or levels than the bounds allow. */
export function isTooLong(topic: string, { topicBytes, topicLevels }: Limits): boolean {
  // No character of a string takes more than three bytes.
  if (topic.length * 3 > topicBytes && Buffer.byteLength(topic) > topicBytes) return true;
  if (topic.length < topicLevels) return false; // a level more needs a slash more
  let levels = 1;
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) levels++;
  return levels > topicLevels;
}
