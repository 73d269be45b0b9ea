import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type MergeChoices, type PolicyMerge, type PolicyVersion, resolveMerge, type Side } from '@perch/policy';
import { useState } from 'react';
import { uiTexts } from '../../../shared/ui/texts.js';
import { ConflictVersions } from './conflict-versions.js';
import { mergeTexts as texts } from './texts.js';

interface MergeDialogProps {
  readonly opened: boolean;
  readonly merge: PolicyMerge;
  readonly onClose: () => void;
  readonly onDone: (policy: PolicyVersion) => void;
}

/** What both changed, one after the other, with both versions to choose from. */
export function MergeDialog({ opened, onClose, ...rest }: MergeDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.dialog}
      size="lg"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <MergeSteps {...rest} />
    </Modal>
  );
}

function MergeSteps({ merge, onDone }: Pick<MergeDialogProps, 'merge' | 'onDone'>) {
  const [choices, setChoices] = useState<MergeChoices>({});
  const [at, setAt] = useState(0);
  const { conflicts } = merge;
  const conflict = conflicts[Math.min(at, conflicts.length - 1)];
  if (!conflict) return null;
  const isLast = at >= conflicts.length - 1;
  const isDecided = conflicts.every(({ id }) => id in choices);
  const choose = (side: Side) => setChoices({ ...choices, [conflict.id]: side });
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>{texts.step(Math.min(at, conflicts.length - 1) + 1, conflicts.length)}</Text>
        <Text size="sm">{texts.kinds[conflict.kind]}</Text>
      </div>
      <ConflictVersions key={conflict.id} conflict={conflict} chosen={choices[conflict.id] ?? null} onChoose={choose} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={at === 0} onClick={() => setAt(at - 1)}>
          {texts.back}
        </Button>
        {isLast ? (
          <Button disabled={!isDecided} onClick={() => onDone(resolveMerge(merge, choices))}>
            {texts.apply}
          </Button>
        ) : (
          <Button disabled={!(conflict.id in choices)} onClick={() => setAt(at + 1)}>
            {texts.next}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
