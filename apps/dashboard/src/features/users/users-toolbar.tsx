import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { downloadText } from '../../shared/download.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatCount } from '../../shared/ui/format.js';
import { notifyError } from '../../shared/ui/notify.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { exportUsers, usersLabels } from './queries.js';
import type { UsersSearch } from './search.js';
import { usersTexts } from './texts.js';

interface UsersToolbarProps {
  readonly search: UsersSearch;
  readonly onChange: (change: UsersSearch) => void;
}

/** Finds users, and takes them in and out as files. */
export function UsersToolbar({ search, onChange }: UsersToolbarProps) {
  const states = Object.entries(usersTexts.states).map(([value, label]) => ({ value, label }));
  const download = () => {
    exportUsers(search)
      .then((text) => downloadText('users.csv', text, 'text/csv'))
      .catch((error: Error) => notifyError(usersTexts.export, error));
  };
  return (
    <Group gap="sm">
      <FilterInput label={usersTexts.filter} value={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      <SegmentedControl
        aria-label={usersTexts.stateLabel}
        data={states}
        value={search.state ?? 'all'}
        onChange={(state) => onChange({ state: state === 'all' ? undefined : (state as UsersSearch['state']) })}
      />
      <LabelFilter label={search.label} onChange={(label) => onChange({ label })} />
      <Group gap="xs" ml="auto">
        <PermittedButton
          permission="users:write"
          variant="default"
          leftSection={<IconUpload size={16} aria-hidden />}
          onClick={() => onChange({ new: 'import' })}
        >
          {usersTexts.import}
        </PermittedButton>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={download}>
          {usersTexts.export}
        </Button>
      </Group>
    </Group>
  );
}

function LabelFilter({ label, onChange }: { label?: string; onChange: (label: string | undefined) => void }) {
  const known = useQuery(usersLabels());
  const items = known.data?.items ?? [];
  // A label of the address stays to be seen although nobody carries it.
  const extra = label !== undefined && !items.some((item) => item.label === label) ? [{ label, users: 0 }] : [];
  return (
    <Select
      aria-label={usersTexts.labelFilter}
      placeholder={usersTexts.anyLabel}
      w={180}
      clearable
      searchable
      data={[...items, ...extra].map((item) => ({
        value: item.label,
        label: usersTexts.labelOption(item.label, formatCount(item.users)),
      }))}
      value={label ?? null}
      onChange={(value) => onChange(value ?? undefined)}
      clearButtonProps={{ 'aria-label': usersTexts.clear }}
    />
  );
}
