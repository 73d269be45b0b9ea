import { formatAclConf } from '@perch/policy';
import { CopyButton } from '../../shared/ui/copy-button.js';
import type { Draft } from './draft.js';
import { rulesTexts } from './texts.js';
import classes from './rules.module.css';

/** The draft as acl.conf text, to read and copy. */
export function RulesText({ draft: { content, saved } }: { draft: Draft }) {
  const text = formatAclConf(content, { revision: saved.revision });
  return (
    <div className={classes.textView}>
      <div className={classes.textCopy}>
        <CopyButton value={text} label={rulesTexts.textLabel} withText />
      </div>
      <pre tabIndex={0} role="region" aria-label={rulesTexts.textLabel}>
        {text}
      </pre>
    </div>
  );
}
