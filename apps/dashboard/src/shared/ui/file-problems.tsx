import { ScrollArea, Text } from '@mantine/core';
import { type Column, DataTable } from './data-table.js';
import { formatCount } from './format.js';
import { Literal } from './literal.js';
import { uiTexts } from './texts.js';

const texts = uiTexts.file;

/** What is wrong with one line of a file. */
export interface FileProblem {
  /** From 1. */
  readonly line: number;
  /** The column or member it is about; null for the whole line. */
  readonly field: string | null;
  readonly message: string;
}

const columns: readonly Column<FileProblem>[] = [
  { key: 'line', header: texts.line, align: 'end', width: 72, cell: ({ line }) => formatCount(line) },
  { key: 'field', header: texts.field, cell: ({ field }) => <Literal>{field}</Literal> },
  { key: 'message', header: texts.problem, isRowHeader: true, cell: ({ message }) => message },
];

/** Everything that is wrong with a file, as far as it was told; nothing where nothing is. */
export function FileProblems({ problems, total }: { problems: readonly FileProblem[]; total: number }) {
  if (problems.length === 0) return null;
  return (
    <>
      <ScrollArea.Autosize mah={220}>
        <DataTable
          label={texts.problems}
          columns={columns}
          rows={problems}
          rowKey={({ line, field, message }) => `${line} ${field} ${message}`}
          empty={null}
          minWidth={360}
        />
      </ScrollArea.Autosize>
      {total > problems.length && (
        <Text size="sm">{texts.moreProblems(formatCount(problems.length), formatCount(total))}</Text>
      )}
    </>
  );
}
