import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { usePermission } from '../../shared/session/session.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { auditRetention, useSetRetention } from './queries.js';
import { auditTexts } from './texts.js';

const usual = [90, 365, 1095, 3650];

/** How long entries are kept. */
export function RetentionDialog({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery(auditRetention());
  return (
    <Modal
      opened
      onClose={onClose}
      title={auditTexts.retentionTitle}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {error && <ErrorState error={error} onRetry={() => refetch()} />}
      {data && <RetentionForm days={data.days} onClose={onClose} />}
    </Modal>
  );
}

function RetentionForm({ days, onClose }: { days: number | null; onClose: () => void }) {
  const mayWrite = usePermission('settings:write');
  const save = useSetRetention();
  const [chosen, setChosen] = useState(String(days));
  const choices = [...new Set([...usual, ...(days === null ? [] : [days])])].sort((a, b) => a - b);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(auditTexts.retentionSaved);
      onClose();
    };
    save.mutate({ body: { days: chosen === 'null' ? null : Number(chosen) } }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="md">{auditTexts.retentionText}</Text>
        <NativeSelect
          label={auditTexts.keepFor}
          description={mayWrite ? undefined : uiTexts.disabledReason('settings:write')}
          data={[
            { value: 'null', label: auditTexts.forEver },
            ...choices.map((each) => ({ value: String(each), label: auditTexts.days(each) })),
          ]}
          value={chosen}
          disabled={!mayWrite}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <FormProblem error={save.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!mayWrite || chosen === String(days)}>
            {auditTexts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
