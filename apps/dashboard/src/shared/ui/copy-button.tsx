import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { RowButton } from './row-button.js';
import { uiTexts } from './texts.js';
import { useCopy } from './use-copy.js';

interface CopyButtonProps {
  readonly value: string;
  /** What is copied, for people who do not see where the button stands: "client id dev-17". */
  readonly label: string;
  /** With its word beside the icon, and what it copies where that is to be read, too. */
  readonly withText?: boolean | string;
  /** One of very many, in the rows of a long table. */
  readonly isInRow?: boolean;
}

/** Copies a text, and says that it did. */
export function CopyButton({ value, label, withText = false, isInRow = false }: CopyButtonProps) {
  const { isCopied, copy: copyValue } = useCopy();
  const word = isCopied ? uiTexts.copied : uiTexts.copy;
  const icon = isCopied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />;
  const copy = () => copyValue(value);
  if (withText !== false) {
    return (
      <Button variant="default" size="xs" leftSection={icon} onClick={copy} aria-label={`${word} ${label}`}>
        {typeof withText === 'string' ? `${word} ${withText}` : word}
      </Button>
    );
  }
  if (isInRow) {
    return (
      <RowButton onClick={copy} aria-label={`${word} ${label}`}>
        {icon}
      </RowButton>
    );
  }
  return (
    <Tooltip label={word}>
      <ActionIcon variant="subtle" color="gray" size={24} onClick={copy} aria-label={`${word} ${label}`}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
