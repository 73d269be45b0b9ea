import { Text } from '@mantine/core';
import type { ImportExample, ImportRemark } from '@perch/policy';
import { Literal } from '../../../shared/ui/literal.js';
import { type MarkKind, StatusMark } from '../../../shared/ui/status-mark.js';
import { EffectMark } from '../rule-summary.js';
import { LongList } from './long-list.js';
import { importTexts as texts } from './texts.js';
import classes from './importing.module.css';

const marks: Readonly<Record<ImportRemark['kind'], MarkKind>> = {
  differs: 'warning',
  'left-out': 'deny',
  kept: 'allow',
};
const order: readonly ImportRemark['kind'][] = ['differs', 'left-out', 'kept'];
const SHOWN_PLACES = 5;

/** Where the rules do not mean what the file did, first; then what was put differently to mean the same. */
export function ImportRemarks({ remarks }: { remarks: readonly ImportRemark[] }) {
  const sorted = remarks.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const title = texts.remarks(remarks.length);
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <LongList as="ul" className={classes.remarks} label={title} items={sorted} show={remarkRow} />
    </div>
  );
}

function remarkRow({ kind, message, example, places }: ImportRemark) {
  return (
    <>
      <StatusMark kind={marks[kind]}>{texts.kinds[kind]}</StatusMark>
      <div>{message}</div>
      {example && <Example example={example} />}
      {places.length > 0 && (
        <div className={classes.places}>
          {texts.places(places.slice(0, SHOWN_PLACES), Math.max(0, places.length - SHOWN_PLACES))}
        </div>
      )}
    </>
  );
}

function Example({ example: { clientId, username, action, topic, there, here } }: { example: ImportExample }) {
  return (
    <div className={classes.example}>
      <span>
        {texts.example} {texts.client(clientId, username)} {texts.actions[action]} <Literal>{topic}</Literal>
      </span>
      <span>
        {texts.there} <EffectMark effect={there} />
      </span>
      <span>
        {texts.here} <EffectMark effect={here} />
      </span>
    </div>
  );
}
