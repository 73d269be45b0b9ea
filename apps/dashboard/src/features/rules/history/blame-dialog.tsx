import { Modal, Stack, Text } from '@mantine/core';
import { isSameRule, type Rule, type RuleOrigin } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { TableSkeleton } from '../../../shared/ui/data-table.js';
import { RelativeTime } from '../../../shared/ui/relative-time.js';
import { ErrorState } from '../../../shared/ui/states.js';
import { uiTexts } from '../../../shared/ui/texts.js';
import type { Draft } from '../draft.js';
import { policyBlame } from '../queries.js';
import { historyTexts as texts } from './texts.js';

interface BlameDialogProps {
  readonly ruleId: string | null;
  readonly draft: Draft;
  readonly onClose: () => void;
}

/** Who added a rule, and who changed it last. */
export function BlameDialog({ ruleId, draft, onClose }: BlameDialogProps) {
  const position = draft.content.rules.findIndex(({ id }) => id === ruleId) + 1;
  return (
    <Modal
      opened={ruleId !== null}
      onClose={onClose}
      title={texts.blameTitle(position)}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {ruleId !== null && <Blame ruleId={ruleId} draft={draft} />}
    </Modal>
  );
}

function Blame({ ruleId, draft }: { ruleId: string; draft: Draft }) {
  const byId = ({ id }: Rule) => id === ruleId;
  const saved = draft.saved.rules.find(byId);
  const mine = draft.content.rules.find(byId);
  const { data, error, refetch } = useQuery({ ...policyBlame(draft.saved.revision), enabled: saved !== undefined });
  if (saved === undefined) return <Text size="sm">{texts.unsaved}</Text>;
  if (error) return <ErrorState error={error} onRetry={() => refetch()} />;
  if (!data) return <TableSkeleton rows={2} columns={1} />;
  const origin = data.items.find((item) => item.ruleId === ruleId);
  return (
    <Stack gap="sm">
      <Origin label={texts.created} origin={origin?.created ?? null} />
      <Origin label={texts.changed} origin={origin?.changed ?? null} />
      {mine && !isSameRule(mine, saved) && (
        <Text size="sm" c="dimmed">
          {texts.unsavedChange}
        </Text>
      )}
    </Stack>
  );
}

function Origin({ label, origin }: { label: string; origin: RuleOrigin | null }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      {origin === null ? (
        <Text size="sm">{texts.older}</Text>
      ) : (
        <Text size="sm">
          <strong>{texts.revision(origin.revision)}</strong> {texts.by(origin.author)},{' '}
          <RelativeTime at={origin.createdAt} />
          {origin.message !== '' && `: ${origin.message}`}
        </Text>
      )}
    </div>
  );
}
