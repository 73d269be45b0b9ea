import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { diffPolicies } from '@perch/policy';
import { type Dispatch, type FormEvent, useState } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { DiffList } from './diff-list.js';
import type { Draft, DraftAction } from './draft.js';
import { rulesTexts } from './texts.js';
import type { Problems } from './use-problems.js';
import { useRulesSearch } from './use-rules-search.js';
import { useSavePolicy } from './use-save-policy.js';

const texts = rulesTexts.review;

interface ReviewDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly draft: Draft;
  readonly problems: Problems;
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

function ReviewForm({ draft, problems, dispatch, onClose }: Omit<ReviewDialogProps, 'opened'>) {
  const [message, setMessage] = useState('');
  const { mutate, isPending, error } = useSavePolicy(draft, dispatch, onClose);
  const { count } = diffPolicies(draft.saved, draft.content);
  const isBlocked = problems.errorCount > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBlocked && count > 0 && !isPending) mutate(message.trim());
  };
  if (count === 0) return <Text>{texts.nothing}</Text>;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <DiffList before={draft.saved} after={draft.content} />
        {isBlocked && <Blocked count={problems.errorCount} onClose={onClose} />}
        <Textarea
          label={texts.message}
          value={message}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          {texts.revoke}
        </Text>
        {error && <SaveError error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={isPending} disabled={isBlocked}>
            {texts.save(count)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Blocked({ count, onClose }: { count: number; onClose: () => void }) {
  const [, change] = useRulesSearch();
  const show = () => {
    change({ tab: 'problems' });
    onClose();
  };
  return (
    <Alert color="danger" variant="light" role="alert">
      <Group justify="space-between">
        {texts.blocked(count)}
        <Button variant="default" size="xs" onClick={show}>
          {texts.showProblems}
        </Button>
      </Group>
    </Alert>
  );
}

function SaveError({ error }: { error: Error }) {
  const problems = error instanceof ApiError ? error.errors : [];
  return (
    <Alert color="danger" variant="light" title={texts.failed} role="alert">
      {error.message}
      {problems.map(({ path, message }) => (
        <Text key={path} size="sm">
          {path}: {message}
        </Text>
      ))}
      {error instanceof ApiError && error.requestId !== null && (
        <Text size="xs" c="dimmed">
          {uiTexts.requestId} <span className="perch-mono">{error.requestId}</span>
        </Text>
      )}
    </Alert>
  );
}
