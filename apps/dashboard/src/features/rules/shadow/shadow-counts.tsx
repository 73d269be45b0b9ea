import { formatCount } from '../../../shared/ui/format.js';
import { type ShadowCounts, shadowChanges } from './counts.js';
import { shadowTexts as texts } from './texts.js';
import classes from './shadow.module.css';

/** How often something would have ended otherwise, by how. */
export function ShadowCountsLine({ counts }: { counts: ShadowCounts }) {
  return (
    <span className={classes.counts}>
      {shadowChanges
        .filter((change) => counts[change] > 0)
        .map((change) => (
          <span key={change} data-change={change}>
            {formatCount(counts[change])} {texts.change[change]}
          </span>
        ))}
    </span>
  );
}
