import { Button, FileButton, Group, Modal, Progress, ScrollArea, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import type { RetainedImportResult } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { formatBytes, formatCount } from '../../shared/ui/format.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { refreshAllRetained } from './queries.js';
import { retainedTexts } from './texts.js';
import { type Existing, type ImportRun, useImport } from './use-import.js';

const texts = retainedTexts.importing;

/** Takes in a file of retained messages: tried first, with everything that is wrong with it, then imported. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.title}
      size="xl"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ImportMessages onClose={onClose} />
    </Modal>
  );
}

function ImportMessages({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [existing, setExisting] = useState<Existing>('replace');
  const { run, start, stop } = useImport();
  const queryClient = useQueryClient();
  const begin = (chosen: File, how: Existing, isDry: boolean) => {
    setFile(chosen);
    setExisting(how);
    start(chosen, how, isDry)
      .then(() => (isDry ? undefined : refreshAllRetained(queryClient)))
      .catch(reportError);
  };
  const wanted = run ? run.result.created + run.result.replaced : 0;
  const isTried = run?.isDry === true && !run.isRunning && run.error === null;
  const isDone = run !== null && !run.isDry;
  return (
    <Stack>
      <Text size="sm">{texts.explain}</Text>
      {!isDone && <FileField file={file} onFile={(chosen) => begin(chosen, existing, true)} />}
      {file && !isDone && (
        <Group gap="sm">
          <Text size="sm">{texts.existing}</Text>
          <SegmentedControl
            aria-label={texts.existing}
            data={(['replace', 'keep'] as const).map((value) => ({ value, label: texts.existingKinds[value] }))}
            value={existing}
            onChange={(how) => begin(file, how, true)}
          />
        </Group>
      )}
      {run && <Run run={run} />}
      <Group justify="flex-end" gap="xs">
        {run?.isRunning && (
          <Button variant="default" onClick={stop}>
            {texts.stop}
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          {uiTexts.close}
        </Button>
        {!isDone && (
          <Button disabled={!isTried || wanted === 0} onClick={() => file && begin(file, existing, false)}>
            {texts.action(formatCount(wanted))}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function FileField({ file, onFile }: { file: File | null; onFile: (file: File) => void }) {
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    const [dropped] = event.dataTransfer.files;
    if (dropped) onFile(dropped);
  };
  return (
    <Group gap="sm" onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <FileButton onChange={(chosen) => chosen && onFile(chosen)} accept=".ndjson,.jsonl,application/x-ndjson">
        {(props) => (
          <Button variant="default" data-autofocus {...props}>
            {texts.choose}
          </Button>
        )}
      </FileButton>
      <Text size="sm" c="dimmed">
        {file ? texts.file(file.name, formatBytes(file.size)) : texts.drop}
      </Text>
    </Group>
  );
}

/** How far it is, and what came of it. */
function Run({ run: { isDry, isRunning, done, total, result, error } }: { run: ImportRun }) {
  const words = isDry ? texts.trying : texts.importing;
  const { created, replaced, kept, expired, failed } = result;
  const counts = { created, replaced, kept, expired, failed };
  const said = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, formatCount(count)]));
  return (
    <Stack gap="xs" aria-live="polite">
      {isRunning && <Progress value={(100 * done) / Math.max(1, total)} aria-label={texts.title} />}
      {isRunning && <Text size="sm">{words(formatBytes(done), formatBytes(total))}</Text>}
      {!isRunning && !isDry && done < total && <Text size="sm">{texts.stopped}</Text>}
      {result.stopped !== null && (
        <Text size="sm" c="danger" role="alert">
          {result.stopped}
        </Text>
      )}
      <FormProblem error={error} />
      <Text size="sm">{isDry ? texts.trial : texts.result}</Text>
      <Text size="sm" fw={500} role="status">
        {texts.summary(said as Record<keyof typeof counts, string>)}
      </Text>
      <Problems result={result} />
    </Stack>
  );
}

type Problem = RetainedImportResult['problems'][number];

const problemColumns: Column<Problem>[] = [
  { key: 'line', header: texts.columns.line, align: 'end', width: 72, cell: ({ line }) => formatCount(line) },
  {
    key: 'path',
    header: texts.columns.path,
    cell: ({ path }) => <span className="perch-mono">{path ?? ''}</span>,
  },
  { key: 'message', header: texts.columns.message, isRowHeader: true, cell: ({ message }) => message },
];

function Problems({ result: { problems, failed } }: { result: RetainedImportResult }) {
  if (problems.length === 0) return null;
  return (
    <>
      <ScrollArea.Autosize mah={220}>
        <DataTable
          label={texts.problems}
          columns={problemColumns}
          rows={problems}
          rowKey={({ line, path, message }) => `${line} ${path} ${message}`}
          empty={null}
          minWidth={360}
        />
      </ScrollArea.Autosize>
      {failed > problems.length && (
        <Text size="sm">{texts.moreProblems(formatCount(problems.length), formatCount(failed))}</Text>
      )}
    </>
  );
}
