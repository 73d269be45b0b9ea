import { VisuallyHidden } from '@mantine/core';
import { literal } from './literal.js';
import { type DiffLine, diffLines } from './diff-lines.js';
import { uiTexts } from './texts.js';
import classes from './diff-view.module.css';

/** So many unchanged lines stay around a change; longer runs are folded. */
const context = 3;

type Snapshot = Record<string, unknown> | null;

/** Before and after of one change as removed and added lines, with sign, word and colour. */
export function DiffView({ label, before, after }: { label: string; before: Snapshot; after: Snapshot }) {
  const rows = fold(diffLines(linesOf(before), linesOf(after)));
  return (
    <div className={classes.diff} role="region" aria-label={label} tabIndex={0}>
      {rows.map((row, index) =>
        'folded' in row ? (
          <div key={index} className={classes.folded}>
            ⋯ {uiTexts.unchangedLines(row.folded)}
          </div>
        ) : (
          <Line key={index} line={row} />
        ),
      )}
    </div>
  );
}

function Line({ line }: { line: DiffLine }) {
  const sign = { same: ' ', removed: '−', added: '+' }[line.kind];
  return (
    <div className={classes.line} data-kind={line.kind}>
      <span className={classes.sign}>
        <span aria-hidden>{sign}</span>
        {line.kind !== 'same' && <VisuallyHidden>{uiTexts[line.kind]}</VisuallyHidden>}
      </span>
      <code>{literal(line.text)}</code>
    </div>
  );
}

function linesOf(snapshot: Snapshot): string[] {
  return snapshot === null ? [] : JSON.stringify(snapshot, null, 2).split('\n');
}

function fold(lines: readonly DiffLine[]): (DiffLine | { folded: number })[] {
  const changed = lines.flatMap((line, index) => (line.kind === 'same' ? [] : [index]));
  const isNear = new Set<number>();
  for (const index of changed) for (let near = index - context; near <= index + context; near += 1) isNear.add(near);
  const rows: (DiffLine | { folded: number })[] = [];
  let folded = 0;
  lines.forEach((line, index) => {
    if (!isNear.has(index)) folded += 1;
    if (folded > 0 && (isNear.has(index) || index === lines.length - 1)) {
      rows.push({ folded });
      folded = 0;
    }
    if (isNear.has(index)) rows.push(line);
  });
  return rows;
}
