import type { Rule } from '@perch/policy';
import { blankRule } from './draft.js';
import { rulesTexts } from './texts.js';

const texts = rulesTexts.templates;

/** A set of rules to begin with. */
export interface Template {
  readonly name: string;
  readonly text: string;
  readonly rules: () => readonly Rule[];
}

/** What most installations begin with. */
export const templates: readonly Template[] = [
  {
    name: texts.own.name,
    text: texts.own.text,
    rules: () => [
      blankRule({ access: 'pub', topics: ['toCloud/%c'], note: texts.own.sent }),
      blankRule({ access: 'sub', topics: ['toDevice/%c'], note: texts.own.received }),
    ],
  },
  {
    name: texts.monitor.name,
    text: texts.monitor.text,
    rules: () => [
      // A leading wildcard never reaches $-topics, so `#` alone would not show who is online.
      blankRule({ subject: 'username', value: 'monitor', access: 'sub', topics: ['#'], note: texts.monitor.read }),
      blankRule({
        subject: 'username',
        value: 'monitor',
        access: 'sub',
        topics: ['$SYS/#'],
        note: texts.monitor.status,
      }),
    ],
  },
  {
    name: texts.deny.name,
    text: texts.deny.text,
    rules: () => [blankRule({ effect: 'deny', subject: 'everyone', topics: ['#', '$SYS/#'], note: texts.deny.note })],
  },
];
