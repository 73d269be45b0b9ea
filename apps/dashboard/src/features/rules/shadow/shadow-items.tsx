import type { PolicyShadowReport } from '../../../shared/api/generated/types.gen.js';
import { Literal } from '../../../shared/ui/literal.js';
import { RelativeTime } from '../../../shared/ui/relative-time.js';
import { ExplainLink } from '../simulator/explain-link.js';
import { TopicChip } from '../topic-chip.js';
import { shadowTexts as texts } from './texts.js';
import classes from './shadow.module.css';

type Item = PolicyShadowReport['items'][number];

interface ShadowItemsProps {
  readonly items: readonly Item[];
  readonly label: string;
  /** Who it was stands above already. */
  readonly isOfClient?: boolean;
}

/** What would have ended otherwise, newest first, with the way to the simulator. */
export function ShadowItems({ items, label, isOfClient = false }: ShadowItemsProps) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={label}>
      {items.map((item) => (
        <li key={`${item.clientId} ${item.action} ${item.change} ${item.topic}`} className={classes.line}>
          {!isOfClient && <Literal>{item.clientId}</Literal>}
          <span>{texts.actions[item.action]}</span>
          <TopicChip topic={item.topic} />
          <span data-change={item.change}>{texts.change[item.change]}</span>
          <span className={classes.dim}>
            {texts.times(item.count)}, <RelativeTime at={item.lastAt} />
          </span>
          <ExplainLink identity={item} action={item.action} topic={item.topic} />
        </li>
      ))}
    </ul>
  );
}
