import { parseAclConf } from '@perch/policy';
import type { Dispatch } from 'react';
import { notifyDone, notifyError } from '../../shared/ui/notify.js';
import { blankRule, type DraftAction } from './draft.js';
import { rulesTexts } from './texts.js';

interface Paste {
  readonly text: string;
  /** The index at which they are put. */
  readonly at: number;
  readonly dispatch: Dispatch<DraftAction>;
}

/** Puts pasted acl.conf lines into the draft; says what is wrong with them, and then takes none. */
export function pasteRules({ text, at, dispatch }: Paste): void {
  const { rules, errors } = parseAclConf(text, { digits: 'pub-sub' });
  const [first] = errors;
  if (first) {
    const { line, column, message } = first;
    notifyError(rulesTexts.notPasted, new Error(`${rulesTexts.importing.error(line, column)}: ${message}`));
    return;
  }
  if (rules.length === 0) return;
  dispatch({ type: 'insert', at, rules: rules.map((rule) => blankRule(rule)) });
  notifyDone(rulesTexts.pasted(rules.length));
}
