import { Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { PermittedButton } from '../../../shared/ui/permitted-button.js';
import { ErrorState } from '../../../shared/ui/states.js';
import type { PolicyContent } from '../draft.js';
import { shadowTexts as texts } from './texts.js';
import { useStartShadow } from './use-shadow.js';

interface ShadowStartProps {
  readonly content: PolicyContent;
  readonly isDirty: boolean;
  readonly isBroken: boolean;
  readonly isEditable: boolean;
  /** Another draft is judged already. */
  readonly isRunning: boolean;
}

/** Has the current draft judged beside the live rules. */
export function ShadowStart({ content, isDirty, isBroken, isEditable, isRunning }: ShadowStartProps) {
  const [note, setNote] = useState('');
  const start = useStartShadow();
  const disabledReason = isBroken ? texts.broken : isDirty ? null : texts.unchanged;
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm" c="dimmed">
        {isRunning ? texts.replaceText : texts.text}
      </Text>
      {isEditable && (
        <Textarea
          label={texts.note}
          placeholder={texts.notePlaceholder}
          value={note}
          maxLength={2000}
          autosize
          w="100%"
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
      <PermittedButton
        permission="policy:write"
        variant={isRunning ? 'default' : 'filled'}
        disabledReason={disabledReason}
        loading={start.isPending}
        onClick={() => start.mutate({ policy: content, note: note.trim() }, { onSuccess: () => setNote('') })}
      >
        {isRunning ? texts.replace : texts.start}
      </PermittedButton>
      {start.error && <ErrorState error={start.error} />}
    </Stack>
  );
}
