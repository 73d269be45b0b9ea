import { Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { formatBytes, formatCount, formatCounted } from '../../shared/ui/format.js';
import { countOfRetained, deleteMany, refreshAllRetained, retainedJobs } from './queries.js';
import { retainedTexts } from './texts.js';

const texts = retainedTexts.many;
/** Beyond that the number has to be typed. */
const TYPED_ABOVE = 50;

interface DeleteManyDialogProps {
  readonly filter: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before all that a filter matches is deleted: how many that is comes first. */
export function DeleteManyDialog({ filter, opened, onClose }: DeleteManyDialogProps) {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery({ ...countOfRetained(filter), enabled: opened, staleTime: 0 });
  const limits = useQuery(retainedJobs()).data;
  const { mutate, isPending, ...deletion } = useMutation({
    ...deleteMany,
    onSuccess: async () => {
      onClose();
      await refreshAllRetained(queryClient);
    },
    // There may be more by now: what is shown next is how many.
    onError: () => refetch(),
  });
  const count = data?.count ?? 0;
  const many = formatCounted(count, texts.message, texts.messages);
  const isNothing = data !== undefined && count === 0;
  return (
    <ConfirmDialog
      opened={opened}
      title={texts.deleteTitle(filter)}
      action={texts.deleteAction(data ? formatCount(count) : '…')}
      isPending={isPending}
      error={deletion.error ?? error}
      onClose={() => {
        deletion.reset();
        onClose();
      }}
      onConfirm={() => {
        if (data && !isNothing) mutate({ body: { filter, expected: count } });
      }}
      {...(count > TYPED_ABOVE && { typedName: String(count) })}
    >
      {data ? <Text size="sm">{isNothing ? texts.nothing : texts.deleteText(many, filter)}</Text> : texts.counting}
      {limits && !isNothing && (
        <Text size="sm" c={count > limits.undoMessages ? 'warning' : 'dimmed'} mt="xs">
          {count > limits.undoMessages
            ? texts.cannotUndo(formatCount(limits.undoMessages))
            : texts.canUndo(formatCount(limits.undoMessages), formatBytes(limits.undoBytes))}
        </Text>
      )}
    </ConfirmDialog>
  );
}
