import { Button, Checkbox, Group, Modal, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { FileField } from '../../shared/ui/file-field.js';
import { formatCount } from '../../shared/ui/format.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { formatOf } from './import-parts.js';
import { importTexts as texts } from './import-texts.js';
import { ImportTrial } from './import-trial.js';
import { type ChosenFile, type ImportOptions, type ImportProgress, useUserImport } from './use-user-import.js';

/** Takes in users from a file: tried first, with everything that is wrong with it, then imported. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.title}
      size="xl"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ImportUsers onClose={onClose} />
    </Modal>
  );
}

/** What a CSV file may tell of a user. */
const columns = [
  'username',
  'password',
  'password_hash',
  'labels',
  'client_id',
  'client_id_prefix',
  'addresses',
  'connection_limit',
  'valid_until',
  'note',
  'disabled',
];

const usualOptions: ImportOptions = { existing: 'error', skipErrors: false, disconnect: false };

function ImportUsers({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [options, setOptions] = useState(usualOptions);
  const { trial, error, progress, attempt, apply, stop } = useUserImport();
  const tryWith = (nextFile: ChosenFile | null, nextOptions: ImportOptions) => {
    setFile(nextFile);
    setOptions(nextOptions);
    if (nextFile) attempt(nextFile, nextOptions);
  };
  const read = (picked: File) => {
    picked
      .text()
      .then((content) => tryWith({ name: picked.name, content, format: formatOf(content) }, options))
      .catch(reportError);
  };
  const wanted = trial ? trial.created + trial.updated : 0;
  const isReady = file !== null && wanted > 0 && (trial?.problemCount === 0 || options.skipErrors);
  const start = () => {
    if (file) apply(file, options).catch(reportError);
  };
  if (progress) return <Applying progress={progress} error={error} onStop={stop} onClose={onClose} />;
  return (
    <Stack>
      <Text size="sm">{texts.explain}</Text>
      <Text size="xs" c="dimmed">
        {texts.columns}: <Literal>{columns.join(', ')}</Literal>
      </Text>
      <FileField
        file={file && { name: file.name, size: file.content.length }}
        accept=".csv,.txt,.passwd,text/csv,text/plain"
        onFile={read}
        hasFocus
      />
      {file && <Options file={file} options={options} onChange={tryWith} />}
      {file && <ImportTrial trial={trial} isFailed={error !== null} />}
      <FormProblem error={error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button disabled={!isReady} onClick={start}>
          {texts.apply(formatCount(wanted))}
        </Button>
      </Group>
    </Stack>
  );
}

interface OptionsProps {
  readonly file: ChosenFile;
  readonly options: ImportOptions;
  readonly onChange: (file: ChosenFile, options: ImportOptions) => void;
}

function Options({ file, options, onChange }: OptionsProps) {
  const choices = (words: Readonly<Record<string, string>>) =>
    Object.entries(words).map(([value, label]) => ({ value, label }));
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <SegmentedControl
          aria-label={texts.format}
          data={choices(texts.formats)}
          value={file.format}
          onChange={(format) => onChange({ ...file, format: format as ChosenFile['format'] }, options)}
        />
        <Text size="sm">{texts.existing}</Text>
        <SegmentedControl
          aria-label={texts.existing}
          data={choices(texts.existingKinds)}
          value={options.existing}
          onChange={(existing) => onChange(file, { ...options, existing: existing as ImportOptions['existing'] })}
        />
      </Group>
      <Checkbox
        label={texts.skipErrors}
        checked={options.skipErrors}
        onChange={(event) => onChange(file, { ...options, skipErrors: event.currentTarget.checked })}
      />
      {options.existing === 'update' && (
        <Checkbox
          label={texts.disconnect}
          checked={options.disconnect}
          onChange={(event) => onChange(file, { ...options, disconnect: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}

interface ApplyingProps {
  readonly progress: ImportProgress;
  readonly error: Error | null;
  readonly onStop: () => void;
  readonly onClose: () => void;
}

function Applying({ progress, error, onStop, onClose }: ApplyingProps) {
  const { done, total, created, updated, isRunning } = progress;
  const finish = () => {
    notifyDone(texts.done(formatCount(created), formatCount(updated)));
    onClose();
  };
  return (
    <Stack>
      <Progress value={(100 * done) / Math.max(1, total)} aria-label={texts.title} />
      <Text size="sm" aria-live="polite">
        {texts.progress(formatCount(done), formatCount(total))}
      </Text>
      {!isRunning && done < total && <Text size="sm">{texts.stopped(formatCount(done))}</Text>}
      <FormProblem error={error} />
      {!isRunning && <Text size="sm">{texts.done(formatCount(created), formatCount(updated))}</Text>}
      <Group justify="flex-end">
        {isRunning ? (
          <Button variant="default" onClick={onStop}>
            {texts.stop}
          </Button>
        ) : (
          <Button onClick={finish}>{uiTexts.close}</Button>
        )}
      </Group>
    </Stack>
  );
}
