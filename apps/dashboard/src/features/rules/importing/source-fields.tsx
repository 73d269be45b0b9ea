import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import type { DragEvent } from 'react';
import { reportError } from '../../../shared/report-error.js';
import { importTexts as texts } from './texts.js';

interface SourceFieldsProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Another file than before was chosen. */
  readonly onFile: (text: string) => void;
}

/** Where a file is pasted, dropped or chosen. */
export function SourceFields({ text, onText, onFile }: SourceFieldsProps) {
  const read = (file: File | null | undefined) => {
    file?.text().then(onFile).catch(reportError);
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
        <FileButton onChange={read} accept=".conf,.acl,.txt,.json,text/plain,application/json">
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
        placeholder={texts.exampleLine}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        rows={8}
        spellCheck={false}
        data-autofocus
      />
    </div>
  );
}
