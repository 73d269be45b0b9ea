import { Button, FileButton, Group, Text } from '@mantine/core';
import type { DragEvent } from 'react';
import { formatBytes } from './format.js';
import { uiTexts } from './texts.js';

interface FileFieldProps {
  readonly file: { readonly name: string; /** In bytes. */ readonly size: number } | null;
  /** What is offered to choose: extensions and media types. */
  readonly accept: string;
  readonly onFile: (file: File) => void;
  /** What is good to know before a file is chosen. */
  readonly hint?: string;
  readonly hasFocus?: boolean;
}

/** Where a file is chosen or dropped. */
export function FileField({ file, accept, onFile, hint, hasFocus = false }: FileFieldProps) {
  const take = (chosen: File | null | undefined) => {
    if (chosen) onFile(chosen);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  return (
    <Group gap="sm" onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <FileButton onChange={take} accept={accept}>
        {(props) => (
          <Button variant="default" data-autofocus={hasFocus || undefined} {...props}>
            {file ? uiTexts.file.another : uiTexts.file.choose}
          </Button>
        )}
      </FileButton>
      <Text size="sm" c="dimmed">
        {file ? uiTexts.file.chosen(file.name, formatBytes(file.size)) : (hint ?? uiTexts.file.drop)}
      </Text>
    </Group>
  );
}
