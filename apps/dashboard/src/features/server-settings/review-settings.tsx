import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Setting } from '../../shared/api/generated/types.gen.js';
import { DataTable, type Column } from '../../shared/ui/data-table.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import type { useChangeSettings } from './queries.js';
import { nameOf, savedOf, type SettingDraft, wantedOf, wordsOf } from './setting-draft.js';
import { serverSettingsTexts as texts } from './texts.js';

interface ReviewSettingsProps {
  readonly opened: boolean;
  readonly settings: readonly Setting[];
  readonly draft: SettingDraft;
  readonly change: ReturnType<typeof useChangeSettings>;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** What saving will change, and when each change holds. */
export function ReviewSettings({ opened, settings, draft, change, onSaved, onClose }: ReviewSettingsProps) {
  const changed = settings.filter(({ key }) => key in draft);
  const columns: readonly Column<Setting>[] = [
    { key: 'setting', header: texts.columns.setting, isRowHeader: true, cell: ({ key }) => nameOf(key) },
    { key: 'before', header: texts.columns.before, cell: (setting) => wordsOf(savedOf(setting)) },
    { key: 'after', header: texts.columns.after, cell: (setting) => wordsOf(wantedOf(setting, draft)) },
    { key: 'applies', header: texts.columns.applies, cell: ({ applies }) => texts.applies[applies ?? 'restart'] },
  ];
  const needsRestart = changed.some(({ applies }) => applies === 'restart');
  const save = () => {
    change.mutate(
      { body: { changes: { ...draft } } },
      {
        onSuccess: () => {
          notifyDone(`${texts.saved(changed.length)}.${needsRestart ? ` ${texts.savedForRestart}` : ''}`);
          onSaved();
        },
      },
    );
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.reviewTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <Stack gap="md">
        <DataTable
          label={texts.reviewTitle}
          columns={columns}
          rows={changed}
          rowKey={({ key }) => key}
          empty={<Text size="sm">{texts.none}</Text>}
          minWidth={480}
        />
        <FormProblem error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button onClick={save} loading={change.isPending} disabled={changed.length === 0}>
            {texts.save(changed.length)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
