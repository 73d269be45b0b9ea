import { ScrollArea, Stack, Text } from '@mantine/core';
import type { UserImportResult } from '../../shared/api/generated/types.gen.js';
import { Literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { FileProblems } from '../../shared/ui/file-problems.js';
import { formatCount } from '../../shared/ui/format.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { importTexts as texts } from './import-texts.js';

type Row = UserImportResult['preview'][number];

const rowColumns: Column<Row>[] = [
  { key: 'row', header: texts.row, align: 'end', width: 64, cell: ({ row }) => formatCount(row) },
  {
    key: 'username',
    header: texts.username,
    isRowHeader: true,
    cell: ({ username }) => <Literal>{username}</Literal>,
  },
  { key: 'outcome', header: texts.outcome, cell: ({ outcome }) => <Outcome outcome={outcome} /> },
];

/** What would become of a file: all that is wrong with it, and its first rows. */
export function ImportTrial({ trial, isFailed }: { trial: UserImportResult | null; isFailed: boolean }) {
  if (isFailed) return null;
  if (!trial) return <Text size="sm">{texts.trying}</Text>;
  const { created, updated, skipped, failed, problems, problemCount, preview } = trial;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500} role="status">
        {texts.summary({
          created: formatCount(created),
          updated: formatCount(updated),
          skipped: formatCount(skipped),
          failed: formatCount(failed),
        })}
      </Text>
      <FileProblems
        problems={problems.map(({ row, column, message }) => ({ line: row, field: column, message }))}
        total={problemCount}
      />
      <ScrollArea.Autosize mah={220}>
        <DataTable
          label={texts.preview}
          columns={rowColumns}
          rows={preview}
          rowKey={({ row }) => String(row)}
          empty={<Text size="sm">{texts.nothing}</Text>}
          minWidth={360}
        />
      </ScrollArea.Autosize>
    </Stack>
  );
}

function Outcome({ outcome }: Pick<Row, 'outcome'>) {
  const kind = ({ create: 'allow', update: 'allow', skip: 'neutral', error: 'deny' } as const)[outcome];
  return <StatusMark kind={kind}>{texts.outcomes[outcome]}</StatusMark>;
}
