import type { Broker } from '../../broker.js';
import { TopicTable } from '../../topics/topic-table.js';
import type { PublishHead } from './publish-head.js';

const tables = new WeakMap<Broker, TopicTable<PublishHead>>();

/** The plain heads of what the clients of a broker publish, whoever they are. */
export function knownHeads(broker: Broker): TopicTable<PublishHead> {
  let table = tables.get(broker);
  if (!table) tables.set(broker, (table = new TopicTable(broker.limits.matchCacheTopics)));
  return table;
}
