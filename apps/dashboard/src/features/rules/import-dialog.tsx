import { Alert, Button, FileButton, Group, Modal, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { type AclConfDigits, parseAclConf, type ParsedAclConf } from '@perch/policy';
import { type Dispatch, type DragEvent, useMemo, useState } from 'react';
import { reportError } from '../../shared/report-error.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { blankRule, type Draft, type DraftAction } from './draft.js';
import { RuleSummary } from './rule-summary.js';
import { rulesTexts } from './texts.js';
import classes from './rules.module.css';

const texts = rulesTexts.importing;
const PREVIEW_ROWS = 100;
const ERROR_ROWS = 200;

type Mode = 'replace' | 'prepend' | 'append';

interface ImportDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
}

/** Reads an acl.conf here in the browser; what it says lands in the draft, never in the broker. */
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
  const [text, setText] = useState('');
  const [digits, setDigits] = useState<AclConfDigits>('pub-sub');
  const [mode, setMode] = useState<Mode>('replace');
  const parsed = useMemo(() => parseAclConf(text, { digits }), [text, digits]);
  const isReady = parsed.errors.length === 0 && parsed.rules.length > 0;
  const apply = () => {
    const rules = parsed.rules.map((rule) => blankRule(rule));
    if (mode === 'replace') dispatch({ type: 'replace', rules });
    else dispatch({ type: 'insert', at: mode === 'prepend' ? 0 : draft.content.rules.length, rules });
    notifyDone(texts.done(rules.length));
    onClose();
  };
  return (
    <Stack gap="md">
      <SourceFields text={text} onText={setText} />
      <Group gap="lg">
        <Choice
          label={texts.digits}
          value={digits}
          onChange={(value) => setDigits(value as AclConfDigits)}
          data={[
            { value: 'pub-sub', label: texts.pubSub },
            { value: 'sub-pub', label: texts.subPub },
          ]}
        />
        <Choice
          label={texts.mode}
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          data={(['replace', 'prepend', 'append'] as const).map((value) => ({ value, label: texts[value] }))}
        />
      </Group>
      <Outcome text={text} parsed={parsed} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button disabled={!isReady} onClick={apply}>
          {texts.apply}
        </Button>
      </Group>
    </Stack>
  );
}

function SourceFields({ text, onText }: { text: string; onText: (text: string) => void }) {
  const read = (file: File | null | undefined) => {
    file?.text().then(onText).catch(reportError);
  };
  const onDrop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    read(file);
  };
  return (
    <div onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <Group justify="space-between" mb="xs">
        <Text size="sm">{texts.text}</Text>
        <FileButton onChange={read} accept=".conf,.acl,.txt,text/plain">
          {(props) => (
            <Button variant="default" size="xs" {...props}>
              {texts.choose}
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        aria-label={texts.textarea}
        classNames={{ input: 'perch-mono' }}
        placeholder="allow  username  joy  3  /test,hello/world"
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        rows={8}
        spellCheck={false}
        data-autofocus
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly data: { value: string; label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, ...rest }: ChoiceProps) {
  return (
    <div>
      <Text size="sm" mb={4}>
        {label}
      </Text>
      <SegmentedControl aria-label={label} {...rest} />
    </div>
  );
}

function Outcome({ text, parsed: { rules, errors } }: { text: string; parsed: ParsedAclConf }) {
  if (text.trim() === '') return null;
  if (errors.length > 0) {
    return (
      <Alert color="danger" variant="light" title={texts.errors(errors.length)} role="alert">
        <ul className={classes.importErrors} tabIndex={0} aria-label={texts.errors(errors.length)}>
          {errors.slice(0, ERROR_ROWS).map(({ line, column, message }) => (
            <li key={`${line}:${column}:${message}`}>
              <strong>{texts.error(line, column)}</strong>: {message}
            </li>
          ))}
          {errors.length > ERROR_ROWS && <li>{texts.more(errors.length - ERROR_ROWS)}</li>}
        </ul>
      </Alert>
    );
  }
  if (rules.length === 0) return <Text c="dimmed">{texts.nothing}</Text>;
  return (
    <div>
      <Text size="sm" fw={600}>
        {texts.preview(rules.length)}
      </Text>
      <ol className={classes.preview} tabIndex={0} aria-label={texts.preview(rules.length)}>
        {rules.slice(0, PREVIEW_ROWS).map((rule, index) => (
          <li key={index}>
            <RuleSummary rule={rule} />
          </li>
        ))}
      </ol>
      {rules.length > PREVIEW_ROWS && <Text c="dimmed">{texts.more(rules.length - PREVIEW_ROWS)}</Text>}
    </div>
  );
}
