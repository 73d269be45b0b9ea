import { Button, Group, Modal, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { reportError } from '../../shared/report-error.js';
import { FileField } from '../../shared/ui/file-field.js';
import { FileProblems } from '../../shared/ui/file-problems.js';
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
      {!isDone && (
        <FileField
          file={file}
          accept=".ndjson,.jsonl,application/x-ndjson"
          onFile={(chosen) => begin(chosen, existing, true)}
          hasFocus
        />
      )}
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
      <FileProblems problems={result.problems.map(({ path, ...rest }) => ({ ...rest, field: path }))} total={failed} />
    </Stack>
  );
}
