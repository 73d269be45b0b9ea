import { Alert, Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { type AclConfDigits, analyseFile, type ImportAnalysis, type ImportFormat, MAX_RULES } from '@perch/policy';
import { type Dispatch, useDeferredValue, useMemo, useState } from 'react';
import { notifyDone } from '../../../shared/ui/notify.js';
import { uiTexts } from '../../../shared/ui/texts.js';
import type { Draft, DraftAction } from '../draft.js';
import { Choice } from './choice.js';
import { type ImportMode, settingsChanges, withImported } from './import-draft.js';
import { formatOf } from './import-file.js';
import { ImportOutcome } from './import-outcome.js';
import { SourceFields } from './source-fields.js';
import { importTexts as texts } from './texts.js';

interface ImportDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
}

/** Reads rules of this or another broker here in the browser; they land in the draft, never in the broker. */
export function ImportDialog({ opened, onClose, draft, dispatch }: ImportDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.title}
      size="xl"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ImportForm onClose={onClose} draft={draft} dispatch={dispatch} />
    </Modal>
  );
}

function ImportForm({ onClose, draft, dispatch }: Omit<ImportDialogProps, 'opened'>) {
  const file = useImportFile();
  const { analysis, isCurrent, format } = file;
  const [mode, setMode] = useState<ImportMode>('replace');
  const [isWanted, setWanted] = useState<boolean | null>(null);
  // As the server does it: acl.conf says nothing of settings, and the rules that stay were written for theirs.
  const withSettings = isWanted ?? (mode === 'replace' && format !== 'acl.conf');
  const isReady = isCurrent && analysis.errors.length === 0 && analysis.rules.length > 0;
  const count = analysis.rules.length + (mode === 'replace' ? 0 : draft.content.rules.length);
  const isTooMany = isReady && count > MAX_RULES;
  const apply = () => {
    dispatch({ type: 'restore', content: withImported(draft.content, analysis, { mode, withSettings }) });
    notifyDone(texts.done(analysis.rules.length));
    onClose();
  };
  return (
    <Stack gap="md">
      <SourceFields text={file.text} onText={file.setText} onFile={file.setFile} />
      <Group gap="lg">
        <Choice label={texts.format} words={texts.formats} value={format} onChange={file.setFormat} />
        {format === 'acl.conf' && (
          <Choice label={texts.digits} words={texts.digitKinds} value={file.digits} onChange={file.setDigits} />
        )}
      </Group>
      <ImportOutcome isBlank={file.text.trim() === ''} isCurrent={isCurrent} analysis={analysis} />
      <Choice label={texts.mode} words={texts.modes} value={mode} onChange={setMode} />
      {isReady && <SettingsChoice draft={draft} analysis={analysis} isChecked={withSettings} onChange={setWanted} />}
      {isTooMany && (
        <Alert color="danger" role="alert" title={texts.tooMany(count, MAX_RULES)}>
          {texts.fewer}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button disabled={!isReady || isTooMany} onClick={apply}>
          {texts.apply}
        </Button>
      </Group>
    </Stack>
  );
}

/** The text and what it comes to. A long file is read while the browser has time: then the analysis is not current. */
function useImportFile() {
  const [text, setText] = useState('');
  const [chosen, setFormat] = useState<ImportFormat | null>(null);
  const [digits, setDigits] = useState<AclConfDigits>('pub-sub');
  const detected = useMemo(() => formatOf(text), [text]);
  const format = chosen ?? detected;
  const wanted = useMemo(() => ({ text, format, digits }), [text, format, digits]);
  const read = useDeferredValue(wanted);
  const analysis = useMemo(() => analyseFile(read), [read]);
  const setFile = (content: string) => {
    setText(content);
    setFormat(null);
  };
  return { text, setText, setFile, format, setFormat, digits, setDigits, analysis, isCurrent: read === wanted };
}

interface SettingsChoiceProps {
  readonly draft: Draft;
  readonly analysis: ImportAnalysis;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

function SettingsChoice({ draft, analysis, isChecked, onChange }: SettingsChoiceProps) {
  const changes = settingsChanges(draft.content.settings, analysis.settings);
  if (changes.length === 0) return null;
  return (
    <Checkbox
      label={texts.settings}
      description={texts.settingsChange(changes)}
      checked={isChecked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
