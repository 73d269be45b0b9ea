import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { diffPolicies } from '@perch/policy';
import { type Dispatch, useState } from 'react';
import { usePermission } from '../../../shared/session/session.js';
import { uiTexts } from '../../../shared/ui/texts.js';
import type { Draft, DraftAction } from '../draft.js';
import type { ExistingChoice } from '../queries.js';
import type { ImpactPreview } from '../impact/use-impact.js';
import type { TestResults } from '../tests/use-test-results.js';
import type { Problems } from '../use-problems.js';
import { DiffList } from './diff-list.js';
import { ExistingField } from './existing-field.js';
import { GuardField, ReviewImpact } from './review-impact.js';
import { SaveError } from './save-error.js';
import { FailingTests, OpenProblems } from './save-obstacles.js';
import { reviewTexts as texts } from './texts.js';
import { useGuard } from './use-guard.js';
import { useGuardedSave } from './use-guarded-save.js';
import { useSavePolicy } from './use-save-policy.js';

interface ReviewDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly draft: Draft;
  readonly problems: Problems;
  readonly results: TestResults;
  readonly preview: ImpactPreview;
  readonly dispatch: Dispatch<DraftAction>;
}

/** What saving will change, before it is saved. */
export function ReviewDialog({ opened, onClose, ...rest }: ReviewDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.title}
      size="xl"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ReviewForm onClose={onClose} {...rest} />
    </Modal>
  );
}

function ReviewForm({ draft, problems, results, preview, dispatch, onClose }: Omit<ReviewDialogProps, 'opened'>) {
  const [message, setMessage] = useState('');
  const [existing, setExisting] = useState<ExistingChoice>('silent');
  const [reason, setReason] = useState('');
  const mayOverride = usePermission('policy:override');
  const { mutate, isPending, error } = useSavePolicy(draft, dispatch, onClose);
  const { count } = diffPolicies(draft.saved, draft.content);
  const isRed = results.failing.length > 0;
  const isBlocked = problems.errorCount > 0 || (isRed && !(mayOverride && reason.trim() !== ''));
  const guard = useGuard(preview.isCurrent ? preview.impact : null);
  const save = () => mutate({ message: message.trim(), existing, overrideReason: isRed ? reason.trim() : undefined });
  const { isWaiting, submit } = useGuardedSave({ preview, guard, save, isOff: isBlocked || count === 0 || isPending });
  if (count === 0) return <Text>{texts.nothing}</Text>;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <DiffList before={draft.saved} after={draft.content} />
        {problems.errorCount > 0 && <OpenProblems count={problems.errorCount} onClose={onClose} />}
        <FailingTests results={results} reason={reason} onReason={mayOverride ? setReason : null} onClose={onClose} />
        <Textarea
          label={texts.message}
          value={message}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <ExistingField value={existing} onChange={setExisting} />
        <ReviewImpact preview={preview} />
        <GuardField guard={guard} />
        {error && <SaveError error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={isPending || isWaiting} disabled={isBlocked || guard.isShut}>
            {texts.save(count)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
